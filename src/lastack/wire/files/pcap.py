"""pcap, what `tcpdump -w` writes: either byte order, micro- or nanoseconds.

A file is a header of 24 octets, then records of 16 octets (24 in Alexey
Kuznetzov's variant of 1999) before each frame. Specification:
draft-ietf-opsawg-pcap; pcap-savefile(5).
"""

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


def _word(buffer: bytearray, at: int, little: bool) -> int:
    if little:
        value = buffer[at + 3]
        value = value * 256 + buffer[at + 2]
        value = value * 256 + buffer[at + 1]
        return value * 256 + buffer[at]
    value = buffer[at]
    value = value * 256 + buffer[at + 1]
    value = value * 256 + buffer[at + 2]
    return value * 256 + buffer[at + 3]


class Reader(Records):
    """Walks the header and the records of one pcap file."""

    def __init__(self) -> None:
        super().__init__()
        self._little = True
        self._header = 0
        self._fraction = 1

    def next(self, buffer: bytearray, at: int, end: int) -> int:
        """Return the octets of the next record; see `Records.next`."""
        present = end - at
        header = self._header
        if header == 0:
            if present < 24:
                self.needs = 24
                return 0
            return self._begin(buffer, at)
        if present < header:
            self.needs = header
            return 0
        # A word's octets, the most significant first, are at +first, +second,
        # +third and +fourth. Written out: calls would cost a third of the walk.
        first, second, third, fourth = 0, 1, 2, 3
        if self._little:
            first, second, third, fourth = 3, 2, 1, 0
        captured = buffer[at + 8 + first]
        captured = captured * 256 + buffer[at + 8 + second]
        captured = captured * 256 + buffer[at + 8 + third]
        captured = captured * 256 + buffer[at + 8 + fourth]
        if header + captured > _LONGEST:
            raise CaptureError(
                f"a record claims {captured} octets, more than"
                f" {_LONGEST - header}: the file is damaged here"
            )
        if present < header + captured:
            self.needs = header + captured
            return 0
        seconds = buffer[at + first]
        seconds = seconds * 256 + buffer[at + second]
        seconds = seconds * 256 + buffer[at + third]
        seconds = seconds * 256 + buffer[at + fourth]
        fraction = buffer[at + 4 + first]
        fraction = fraction * 256 + buffer[at + 4 + second]
        fraction = fraction * 256 + buffer[at + 4 + third]
        fraction = fraction * 256 + buffer[at + 4 + fourth]
        original = buffer[at + 12 + first]
        original = original * 256 + buffer[at + 12 + second]
        original = original * 256 + buffer[at + 12 + third]
        original = original * 256 + buffer[at + 12 + fourth]
        # At most 2**32 * (10**9 + 10**3), which is below 2**62.
        self.time = seconds * 1_000_000_000 + fraction * self._fraction
        self.captured = captured
        self.original = original
        self.frame_at = at + header
        return header + captured

    def _begin(self, buffer: bytearray, at: int) -> int:
        for little in (True, False):
            if _word(buffer, at, little) in _MAGICS:
                break
        else:
            raise CaptureError("the file does not begin with a magic of pcap")
        version = _word(buffer, at + 4, little)
        major = version % 0x10000 if little else version // 0x10000
        if major != 2:
            raise CaptureError(f"pcap version {major} is not known, only 2")
        self._little = little
        self._fraction, self._header = _MAGICS[_word(buffer, at, little)]
        # The upper half tells whether frames end in a check sequence.
        self.link = _word(buffer, at + 20, little) % 0x10000
        self.frame_at = -1
        return 24


FORMAT = Format(
    name="pcap",
    magics=tuple(
        magic.to_bytes(4, order) for magic in _MAGICS for order in ("little", "big")
    ),
    reader=Reader,
)
