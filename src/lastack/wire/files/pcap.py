"""pcap, what `tcpdump -w` writes: either byte order, micro- or nanoseconds.

A file is a header of 24 octets, then records of 16 octets (24 in Alexey
Kuznetzov's variant of 1999) before each frame. Specification:
draft-ietf-opsawg-pcap; pcap-savefile(5).
"""

from lastack.wire import octets as read
from lastack.wire.format import Format
from lastack.wire.records import LONGEST_RECORD, CaptureError, Records

_LONGEST = LONGEST_RECORD

# The magic as a little-endian number: nanoseconds in one unit of a timestamp's
# fraction, and octets of a record's header.
_MAGICS = {
    0xA1B2C3D4: (1_000, 16),
    0xA1B23C4D: (1, 16),
    0xA1B2CD34: (1_000, 24),
}


class Reader(Records):
    """Walks the header and the records of one pcap file."""

    def __init__(self) -> None:
        super().__init__()
        self._big_endian = False
        self._header = 0
        self._fraction = 1

    def next(self, buffer: bytearray, at: int, end: int) -> int:
        """Return the octets of the next record; see `Records.next`."""
        present = min(end, len(buffer)) - at
        header = self._header
        if header == 0:
            if present < 24:
                self.needs = 24
                return 0
            return self._begin(buffer, at)
        if present < header:
            self.needs = header
            return 0
        octets = read.of(buffer)
        if self._big_endian:
            seconds = read.word(octets, at)
            fraction = read.word(octets, at + 4)
            captured = read.word(octets, at + 8)
            original = read.word(octets, at + 12)
        else:
            seconds = read.little_word(octets, at)
            fraction = read.little_word(octets, at + 4)
            captured = read.little_word(octets, at + 8)
            original = read.little_word(octets, at + 12)
        if header + captured > _LONGEST:
            raise CaptureError(
                f"a record claims {captured} octets, more than"
                f" {_LONGEST - header}: the file is damaged here"
            )
        if present < header + captured:
            self.needs = header + captured
            return 0
        # At most 2**32 * (10**9 + 10**3), which is below 2**62.
        self.time = seconds * 1_000_000_000 + fraction * self._fraction
        self.captured = captured
        self.original = original
        self.frame_at = at + header
        return header + captured

    def digits(self) -> int:
        """Return 6 or 9; see `Records.digits`."""
        return 9 if self._fraction == 1 else 6

    def _begin(self, buffer: bytearray, at: int) -> int:
        header = bytes(buffer[at : at + 24])
        for order in ("little", "big"):
            magic = int.from_bytes(header[:4], order)
            if magic in _MAGICS:
                break
        else:
            raise CaptureError("the file does not begin with a magic of pcap")
        major = int.from_bytes(header[4:6], order)
        if major != 2:
            raise CaptureError(f"pcap version {major} is not known, only 2")
        self._big_endian = order == "big"
        self._fraction, self._header = _MAGICS[magic]
        # The upper half tells whether frames end in a check sequence.
        self.link = int.from_bytes(header[20:24], order) % 0x10000
        self.frame_at = -1
        return 24


FORMAT = Format(
    name="pcap",
    magics=tuple(
        magic.to_bytes(4, order) for magic in _MAGICS for order in ("little", "big")
    ),
    reader=Reader,
)
