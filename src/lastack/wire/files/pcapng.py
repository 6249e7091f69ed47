"""pcapng, what Wireshark writes: sections, interfaces, and blocks of many kinds.

Each section has its own byte order and its own interfaces, each interface its
own link type and timestamp unit. Blocks without a frame are passed over.
Specification: draft-ietf-opsawg-pcapng.
"""

from lastack.wire import octets as read
from lastack.wire.format import Format
from lastack.wire.records import LONGEST_RECORD, NO_PACKET, CaptureError, Records

_LONGEST = LONGEST_RECORD

_SECTION_HEADER = 0x0A0D0D0A
_MOST_INTERFACES = 1 << 16
_FARTHEST = 1 << 62

_END_OF_OPTIONS = 0

# Options of an interface description block.
_IF_TSRESOL = 9
_IF_TSOFFSET = 14

# Options of an interface statistics block: frames that the interface dropped, and
# that the operating system did. More is no count; all ones mean that none is known.
_ISB_IFDROP = 5
_ISB_OSDROP = 7
_MOST_DROPPED = 1 << 40


# Blocks that Wireshark numbers as frames, though no network's packet is in them:
# custom blocks (which may, or may not, be copied), journal entries, Sysdig events.
_RECORDS = (0x00000BAD, 0x40000BAD, 0x9, 0x204, 0x216, 0x221)


class Interface:
    """An interface of a section: its link type, and what its timestamps count.

    `longest` is the snap length in octets, 0 for none; `units` of a timestamp
    make a second; `offset` in seconds is added (if_tsoffset). `lost` is how many
    frames its latest statistics say were dropped.
    """

    def __init__(self, link: int, longest: int, units: int, offset: int) -> None:
        self.link = link
        self.longest = longest
        self.units = units
        self.offset = offset
        self.lost = 0
        # A timestamp whose upper half is below `highest` is, in nanoseconds,
        # `stamp * multiplier + shift` in 64 bits; others take the long way.
        self.multiplier = 0
        self.shift = 0
        self.highest = 0
        shift = offset * 1_000_000_000
        if 1_000_000_000 % units == 0 and -_FARTHEST < shift < _FARTHEST:
            self.multiplier = 1_000_000_000 // units
            self.shift = shift
            self.highest = (_FARTHEST - max(shift, 0)) // self.multiplier >> 32

    def nanoseconds(self, high: int, low: int) -> int:
        """Return the time since 1970 of a timestamp's halves, rounded down.

        What lies beyond +/-2**62, in 1823 or 2116, is held there.
        """
        stamp = (high << 32) + low
        time = stamp * 1_000_000_000 // self.units + self.offset * 1_000_000_000
        return max(-_FARTHEST, min(time, _FARTHEST))

    def digits(self) -> int:
        """Return how many decimal digits tell its units apart, at most 9."""
        return next((few for few in range(9) if 10**few >= self.units), 9)


class Reader(Records):
    """Walks the blocks of one pcapng file."""

    def __init__(self) -> None:
        super().__init__()
        self._little = True
        self._begun = False
        self._interfaces: list[Interface] = []
        # The interface of the packet before, and its numbers; -1 before the first.
        self._latest = -1
        self._link = 0
        self._multiplier = 0
        self._shift = 0
        self._highest = 0

    def next(self, buffer: bytearray, at: int, end: int) -> int:
        """Return the octets of the next block; see `Records.next`."""
        present = min(end, len(buffer)) - at
        if present < 12:
            self.needs = 12
            return 0
        octets = read.of(buffer)
        # The same in both orders, and without it nothing has an order.
        if read.word(octets, at) == _SECTION_HEADER:
            return self._section(buffer, at, present)
        if not self._begun:
            raise CaptureError("the file does not begin with a section header block")
        if self._little:
            kind = read.little_word(octets, at)
            length = read.little_word(octets, at + 4)
        else:
            kind = read.word(octets, at)
            length = read.word(octets, at + 4)
        if length < 12 or length % 4 != 0 or length > _LONGEST:
            raise CaptureError(self._absurd(length, 12))
        if present < length:
            self.needs = length
            return 0
        tail = at + length - 4
        if self._little:
            again = read.little_word(octets, tail)
        else:
            again = read.word(octets, tail)
        if again != length:
            raise CaptureError(
                f"a block begins with a length of {length} octets and ends with {again}"
            )
        if kind != 6 and kind != 2:
            return self._other(buffer, at, length, kind)

        # An enhanced packet block, or its forerunner, type 2.
        if length < 32:
            raise CaptureError(f"a packet block of {length} octets, fewer than 32")
        if self._little:
            index = read.little_word(octets, at + 8)
            high = read.little_word(octets, at + 12)
            low = read.little_word(octets, at + 16)
            captured = read.little_word(octets, at + 20)
            original = read.little_word(octets, at + 24)
        else:
            index = read.word(octets, at + 8)
            high = read.word(octets, at + 12)
            low = read.word(octets, at + 16)
            captured = read.word(octets, at + 20)
            original = read.word(octets, at + 24)
        if kind == 2:  # the other half counts drops
            index = self._half(buffer, at + 8)
        if index != self._latest:
            self._remember(index)
        if captured > length - 32:
            raise CaptureError(
                f"a packet claims {captured} octets in a block with room for"
                f" {length - 32}"
            )
        if high < self._highest:
            # 2**32 as one literal would be a Python object for Cython.
            stamp = high * 0x10000 * 0x10000 + low
            self.time = stamp * self._multiplier + self._shift
        else:
            self.time = self._interfaces[index].nanoseconds(high, low)
        self.timed = True
        self.link = self._link
        self.interface = index
        self.captured = captured
        self.original = original
        self.frame_at = at + 28
        return length

    def _remember(self, index: int) -> int:
        """Have the numbers of an interface at hand for the packets that follow.

        Returns 0, for which compiled code needs not ask whether it raised.
        """
        if index >= len(self._interfaces):
            raise CaptureError(self._undescribed(index))
        interface = self._interfaces[index]
        self._latest = index
        self._link = interface.link
        self._multiplier = interface.multiplier
        self._shift = interface.shift
        self._highest = interface.highest
        return 0

    def _word(self, buffer: bytearray, at: int) -> int:
        """Return the 32-bit number at `at`, which is within the block."""
        octets = read.of(buffer)
        return read.little_word(octets, at) if self._little else read.word(octets, at)

    def _half(self, buffer: bytearray, at: int) -> int:
        """Return the 16-bit number at `at`, which is within the block."""
        octets = read.of(buffer)
        return read.little_half(octets, at) if self._little else read.half(octets, at)

    def _other(self, buffer: bytearray, at: int, length: int, kind: int) -> int:
        """Read a block that is neither of the two."""
        if kind == 3:
            return self._simple_packet(buffer, at, length)
        self.frame_at = -1
        if kind == 1:
            self._add_interface(buffer, at, length)
        elif kind == 5:
            self._count_lost(buffer, at, length)
        elif kind in _RECORDS:
            self.timed = False
            self.link = NO_PACKET
            self.captured = 0
            self.original = 0
            self.frame_at = at + 8
        return length

    def _simple_packet(self, buffer: bytearray, at: int, length: int) -> int:
        """Read a simple packet block: no time of its own, always interface 0."""
        if length < 16:
            raise CaptureError(f"a packet block of {length} octets, fewer than 16")
        if not self._interfaces:
            raise CaptureError(self._undescribed(0))
        interface = self._interfaces[0]
        self.original = self._word(buffer, at + 8)
        captured = min(self.original, length - 16)
        if interface.longest > 0:
            captured = min(captured, interface.longest)
        self.timed = False
        self.link = interface.link
        self.interface = 0
        self.captured = captured
        self.frame_at = at + 12
        return length

    def _section(self, buffer: bytearray, at: int, present: int) -> int:
        """Read a section header block: its byte order, and no interfaces yet."""
        order = bytes(buffer[at + 8 : at + 12])
        if order == b"\x4d\x3c\x2b\x1a":
            little = True
        elif order == b"\x1a\x2b\x3c\x4d":
            little = False
        else:
            raise CaptureError(f"a section header has no byte order: {order.hex()}")
        octets = read.of(buffer)
        length = (
            read.little_word(octets, at + 4) if little else read.word(octets, at + 4)
        )
        if length < 28 or length % 4 != 0 or length > _LONGEST:
            raise CaptureError(self._absurd(length, 28))
        if present < length:
            self.needs = length
            return 0
        self._little = little
        again = self._word(buffer, at + length - 4)
        if again != length:
            raise CaptureError(
                f"a section header begins with a length of {length} octets and ends"
                f" with {again}"
            )
        major = self._half(buffer, at + 12)
        if major != 1:
            raise CaptureError(f"pcapng version {major} is not known, only 1")
        self._begun = True
        self._interfaces = []
        self._latest = -1
        self.frame_at = -1
        return length

    def _undescribed(self, index: int) -> str:
        return (
            f"a packet of interface {index}, and the section has described"
            f" {len(self._interfaces)} so far"
        )

    def digits(self) -> int:
        """Return those of the finest interface so far; see `Records.digits`."""
        return max((one.digits() for one in self._interfaces), default=9)

    def _absurd(self, length: int, least: int) -> str:
        if length < least:
            return f"a block claims {length} octets, fewer than the {least} it needs"
        if length > _LONGEST:
            return (
                f"a block claims {length} octets, more than {_LONGEST}:"
                " the file is damaged here"
            )
        return f"a block claims {length} octets, no multiple of 4"

    def _add_interface(self, buffer: bytearray, at: int, length: int) -> None:
        if length < 20:
            raise CaptureError(
                f"an interface description of {length} octets, fewer than 20"
            )
        if len(self._interfaces) == _MOST_INTERFACES:
            raise CaptureError(f"a section has over {_MOST_INTERFACES} interfaces")
        options = self._options(buffer, at + 16, at + length - 4)
        units = 1_000_000
        resolution = options.get(_IF_TSRESOL, b"")
        if len(resolution) == 1:
            units = _units(resolution[0])
        offset = self._number(options.get(_IF_TSOFFSET, b""), True)
        self._interfaces.append(
            Interface(
                self._half(buffer, at + 8),
                self._word(buffer, at + 12),
                units,
                offset,
            )
        )

    def _count_lost(self, buffer: bytearray, at: int, length: int) -> None:
        """Read an interface's statistics: what it lost since it was opened."""
        if length < 24:
            raise CaptureError(
                f"interface statistics of {length} octets, fewer than 24"
            )
        options = self._options(buffer, at + 20, at + length - 4)
        index = self._word(buffer, at + 8)
        if index >= len(self._interfaces):
            return
        lost = 0
        for code in (_ISB_IFDROP, _ISB_OSDROP):
            dropped = self._number(options.get(code, b""), False)
            if dropped < _MOST_DROPPED:
                lost += dropped
        interface = self._interfaces[index]
        if lost > interface.lost:
            self.lost += lost - interface.lost
            interface.lost = lost

    def _options(self, buffer: bytearray, at: int, end: int) -> dict[int, bytes]:
        """Return the options of an interface in `buffer[at:end]`, by their codes."""
        found = {}
        while at + 4 <= end:
            code = self._half(buffer, at)
            size = self._half(buffer, at + 2)
            if code == _END_OF_OPTIONS:
                break
            at += 4
            if at + size > end:
                raise CaptureError(
                    f"option {code} of an interface claims {size} octets, more than"
                    " its block has"
                )
            found[code] = bytes(buffer[at : at + size])
            at += size + -size % 4
        return found

    def _number(self, value: bytes, signed: bool) -> int:
        """Return a number of 64 bits, 0 if `value` is none."""
        if len(value) != 8:
            return 0
        return int.from_bytes(value, "little" if self._little else "big", signed=signed)


def _units(resolution: int) -> int:
    """Return how many units make a second: n is 10**-n, 128 + n is 2**-n."""
    if resolution >= 0x80:
        return 1 << (resolution - 0x80)
    power: int = 10**resolution
    return power


FORMAT = Format(name="pcapng", magics=(_SECTION_HEADER.to_bytes(4),), reader=Reader)
