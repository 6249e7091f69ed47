"""pcapng, what Wireshark writes: sections, interfaces, and blocks of many kinds.

Each section has its own byte order and its own interfaces, each interface its
own link type and timestamp unit. Blocks without a frame are passed over.
Specification: draft-ietf-opsawg-pcapng.
"""

from lastack.wire.format import Format
from lastack.wire.records import LONGEST_RECORD, CaptureError, Records

_LONGEST = LONGEST_RECORD

_SECTION_HEADER = b"\x0a\x0d\x0d\x0a"
_MOST_INTERFACES = 1 << 16
_FARTHEST = 1 << 62

# Options of an interface description block.
_END_OF_OPTIONS = 0
_IF_TSRESOL = 9
_IF_TSOFFSET = 14


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


def _half(buffer: bytearray, at: int, little: bool) -> int:
    first = buffer[at]
    second = buffer[at + 1]
    if little:
        return second * 256 + first
    return first * 256 + second


class Interface:
    """An interface of a section: its link type, and what its timestamps count.

    `longest` is the snap length in octets, 0 for none; `units` of a timestamp
    make a second; `offset` in seconds is added (if_tsoffset).
    """

    def __init__(self, link: int, longest: int, units: int, offset: int) -> None:
        self.link = link
        self.longest = longest
        self.units = units
        self.offset = offset
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


class Reader(Records):
    """Walks the blocks of one pcapng file."""

    def __init__(self) -> None:
        super().__init__()
        self._little = True
        self._begun = False
        self._interfaces: list[Interface] = []

    def next(self, buffer: bytearray, at: int, end: int) -> int:
        """Return the octets of the next block; see `Records.next`."""
        present = end - at
        if present < 12:
            self.needs = 12
            return 0
        # The same in both orders, and without it nothing has an order.
        if buffer[at] == 0x0A and bytes(buffer[at : at + 4]) == _SECTION_HEADER:
            return self._section(buffer, at, present)
        if not self._begun:
            raise CaptureError("the file does not begin with a section header block")
        # A word's octets, the most significant first, are at +first, +second,
        # +third and +fourth. Written out: calls would cost a third of the walk.
        first, second, third, fourth = 0, 1, 2, 3
        if self._little:
            first, second, third, fourth = 3, 2, 1, 0
        kind = buffer[at + first]
        kind = kind * 256 + buffer[at + second]
        kind = kind * 256 + buffer[at + third]
        kind = kind * 256 + buffer[at + fourth]
        length = buffer[at + 4 + first]
        length = length * 256 + buffer[at + 4 + second]
        length = length * 256 + buffer[at + 4 + third]
        length = length * 256 + buffer[at + 4 + fourth]
        if length < 12 or length % 4 != 0 or length > _LONGEST:
            raise CaptureError(self._absurd(length, 12))
        if present < length:
            self.needs = length
            return 0
        tail = at + length - 4
        again = buffer[tail + first]
        again = again * 256 + buffer[tail + second]
        again = again * 256 + buffer[tail + third]
        again = again * 256 + buffer[tail + fourth]
        if again != length:
            raise CaptureError(
                f"a block begins with a length of {length} octets and ends with {again}"
            )
        if kind == 3:
            return self._simple_packet(buffer, at, length)
        if kind != 6 and kind != 2:
            self.frame_at = -1
            if kind == 1:
                self._add_interface(buffer, at, length)
            return length

        # An enhanced packet block, or its forerunner, type 2.
        if length < 32:
            raise CaptureError(f"a packet block of {length} octets, fewer than 32")
        if kind == 6:
            index = _word(buffer, at + 8, self._little)
        else:  # the other half counts drops
            index = _half(buffer, at + 8, self._little)
        if index >= len(self._interfaces):
            raise CaptureError(self._undescribed(index))
        interface = self._interfaces[index]
        high = buffer[at + 12 + first]
        high = high * 256 + buffer[at + 12 + second]
        high = high * 256 + buffer[at + 12 + third]
        high = high * 256 + buffer[at + 12 + fourth]
        low = buffer[at + 16 + first]
        low = low * 256 + buffer[at + 16 + second]
        low = low * 256 + buffer[at + 16 + third]
        low = low * 256 + buffer[at + 16 + fourth]
        captured = buffer[at + 20 + first]
        captured = captured * 256 + buffer[at + 20 + second]
        captured = captured * 256 + buffer[at + 20 + third]
        captured = captured * 256 + buffer[at + 20 + fourth]
        original = buffer[at + 24 + first]
        original = original * 256 + buffer[at + 24 + second]
        original = original * 256 + buffer[at + 24 + third]
        original = original * 256 + buffer[at + 24 + fourth]
        if captured > length - 32:
            raise CaptureError(
                f"a packet claims {captured} octets in a block with room for"
                f" {length - 32}"
            )
        if high < interface.highest:
            # 2**32 as one literal would be a Python object for Cython.
            stamp = high * 0x10000 * 0x10000 + low
            self.time = stamp * interface.multiplier + interface.shift
        else:
            self.time = interface.nanoseconds(high, low)
        self.link = interface.link
        self.interface = index
        self.captured = captured
        self.original = original
        self.frame_at = at + 28
        return length

    def _simple_packet(self, buffer: bytearray, at: int, length: int) -> int:
        """Read a simple packet block: no time of its own, always interface 0."""
        if length < 16:
            raise CaptureError(f"a packet block of {length} octets, fewer than 16")
        if not self._interfaces:
            raise CaptureError(self._undescribed(0))
        interface = self._interfaces[0]
        self.original = _word(buffer, at + 8, self._little)
        captured = min(self.original, length - 16)
        if interface.longest > 0:
            captured = min(captured, interface.longest)
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
        length = _word(buffer, at + 4, little)
        if length < 28 or length % 4 != 0 or length > _LONGEST:
            raise CaptureError(self._absurd(length, 28))
        if present < length:
            self.needs = length
            return 0
        again = _word(buffer, at + length - 4, little)
        if again != length:
            raise CaptureError(
                f"a section header begins with a length of {length} octets and ends"
                f" with {again}"
            )
        major = _half(buffer, at + 12, little)
        if major != 1:
            raise CaptureError(f"pcapng version {major} is not known, only 1")
        self._little = little
        self._begun = True
        self._interfaces = []
        self.frame_at = -1
        return length

    def _undescribed(self, index: int) -> str:
        return (
            f"a packet of interface {index}, and the section has described"
            f" {len(self._interfaces)} so far"
        )

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
        little = self._little
        if length < 20:
            raise CaptureError(
                f"an interface description of {length} octets, fewer than 20"
            )
        if len(self._interfaces) == _MOST_INTERFACES:
            raise CaptureError(f"a section has over {_MOST_INTERFACES} interfaces")
        units = 1_000_000
        offset = 0
        option = at + 16
        options_end = at + length - 4
        while option + 4 <= options_end:
            code = _half(buffer, option, little)
            size = _half(buffer, option + 2, little)
            if code == _END_OF_OPTIONS:
                break
            if option + 4 + size > options_end:
                raise CaptureError(
                    f"option {code} of an interface claims {size} octets, more than"
                    " its block has"
                )
            value = bytes(buffer[option + 4 : option + 4 + size])
            if code == _IF_TSRESOL and size == 1:
                units = _units(value[0])
            elif code == _IF_TSOFFSET and size == 8:
                offset = int.from_bytes(
                    value, "little" if little else "big", signed=True
                )
            option += 4 + size + -size % 4
        self._interfaces.append(
            Interface(
                _half(buffer, at + 8, little),
                _word(buffer, at + 12, little),
                units,
                offset,
            )
        )


def _units(resolution: int) -> int:
    """Return how many units make a second: n is 10**-n, 128 + n is 2**-n."""
    if resolution >= 0x80:
        return 1 << (resolution - 0x80)
    power: int = 10**resolution
    return power


FORMAT = Format(name="pcapng", magics=(_SECTION_HEADER,), reader=Reader)
