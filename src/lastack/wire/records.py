"""What a walker over the records of one capture file offers to the scanner.

The octets lie in a buffer that somebody else fills and shifts; a walker sees
only the part that is there, says how far one record reaches, and keeps what it
must remember (byte order, interfaces) from one record to the next. Compiled,
a call costs a few nanoseconds; `records.pxd` gives the types.
"""

LONGEST_RECORD = 1 << 24
"""The most octets one record may take, headers and padding included: 16 MiB.

It bounds the buffer. No link layer carries a frame of that size; a greater
length means that the file is damaged, or no capture at all.
"""


NO_PACKET = -2
"""The link type of what is numbered as a frame, but is no packet of a network."""


class CaptureError(ValueError):
    """A record contradicts its format; the message is one line saying how.

    The message names no place: only the caller knows the offset in the file.
    """


class Records:
    """The records of one capture file, one at a time, from its first octet on.

    After `next()` returned more than 0: `frame_at` is the offset in the buffer
    of the frame's first octet, or -1 if the record carries no frame (a header,
    statistics, names; the other fields then mean nothing). `captured` octets of
    the frame are there, of `original` on the wire. `time` is in nanoseconds
    since 1970, within +/-2**62, so that differences of two fit in 64 bits; a frame
    that is not `timed` has none of its own, and keeps that of the one before.
    `link` is the LINKTYPE_ number of the interface, or NO_PACKET, `interface` its
    index in the file's present section (0 where the format knows no interfaces).

    After `next()` returned 0: `needs` octets from `at` on are wanted before it
    can tell more; at most LONGEST_RECORD.

    `lost` is how many frames, as the file says so far, were missed when it was
    written.
    """

    def __init__(self) -> None:
        self.frame_at = -1
        self.captured = 0
        self.original = 0
        self.time = 0
        self.timed = True
        self.link = -1
        self.interface = 0
        self.needs = 0
        self.lost = 0

    def next(self, buffer: bytearray, at: int, end: int) -> int:
        """Return how many octets the record at `buffer[at:end]` takes.

        Returns 0, and changes nothing but `needs`, when `end` comes before the
        record's end. Raises CaptureError when the record makes no sense; a
        walker that raised is not to be asked again.
        """
        raise NotImplementedError

    def digits(self) -> int:
        """Return how many digits of a second the file's times have, 0 to 9."""
        return 9
