"""TCP options (RFC 9293 3.1, and those of its list at IANA that matter here).

Nearly every segment carries timestamps only, or nothing; `internet.tcp` reads
those itself. These functions are for the others.
"""

from lastack.wire import octets as read
from lastack.wire.fields import Fields


def forget(packet: Fields) -> None:
    """Set the fields of options to what a segment without any has."""
    packet.optioned = 0
    packet.mss = -1
    packet.window_scale = -1
    packet.sack_permitted = 0
    packet.sack_blocks = 0
    packet.options_cut = 0


def take(packet: Fields, buffer: bytearray, at: int, end: int, stop: int) -> None:
    """Read the options from `at` up to `stop`, as far as they were captured."""
    packet.optioned = 1
    if stop > end:
        stop = end
        packet.options_cut = 1
    octets = read.of(buffer)
    while at < stop:
        kind = octets[at]
        if kind == 0:
            return
        if kind == 1:
            at += 1
            continue
        if stop - at < 2:
            return
        size = octets[at + 1]
        if size < 2 or size > stop - at:
            return
        if kind == 2 and size == 4:
            packet.mss = read.half(octets, at + 2)
        elif kind == 3 and size == 3:
            packet.window_scale = octets[at + 2]
        elif kind == 4 and size == 2:
            packet.sack_permitted = 1
        elif kind == 5 and size >= 10:
            packet.sack_blocks = (size - 2) // 8
            packet.sack_left = read.word(octets, at + 2)
            packet.sack_right = read.word(octets, at + 6)
        elif kind == 8 and size == 10:
            packet.has_timestamp = 1
            packet.timestamp_value = read.word(octets, at + 2)
            packet.timestamp_echo = read.word(octets, at + 6)
        at += size
