"""IPv4, IPv6 and what ends a search in them: a TCP header, or an ICMP error.

The straight path through `ipv4` or `ipv6` to `tcp` is what nearly every frame
takes. It compares the length that is there once a header, and then reads through
a pointer (`octets`); what is rare is read with Python's own checks besides.
"""

from lastack.wire import octets as read
from lastack.wire import tcp_options
from lastack.wire.fields import MORE, Fields
from lastack.wire.kind import DAMAGED, FRAGMENT, ICMP_ERROR, OTHER, TCP

NOP_NOP_TS = 0x0101080A
"""How the options begin that nearly every segment carries."""


def ipv4(packet: Fields, buffer: bytearray, at: int, end: int, wire: int) -> int:
    """Read an IPv4 header (RFC 791) and what it carries."""
    if end - at < 20:
        return DAMAGED
    octets = read.of(buffer)
    header = (octets[at] & 15) * 4
    if octets[at] >> 4 != 4 or header < 20:
        return DAMAGED
    total = read.half(octets, at + 2)
    if total != 0:
        if total < header:
            return DAMAGED
        wire = at + total
        if end > wire:
            end = wire
    if end - at < header:
        return DAMAGED
    packet.version = 4
    packet.source_high = 0
    packet.source_low = read.word(octets, at + 12)
    packet.destination_high = 0
    packet.destination_low = read.word(octets, at + 16)
    packet.tos = octets[at + 1]
    packet.ip_id = read.half(octets, at + 4)
    pieces = read.half(octets, at + 6)
    packet.dont_fragment = (pieces >> 14) & 1
    packet.ttl = octets[at + 8]
    protocol = octets[at + 9]
    if pieces & 0x3FFF:
        packet.piece_of = packet.ip_id
        packet.piece_offset = (pieces & 0x1FFF) * 8
        packet.piece_more = (pieces >> 13) & 1
        return piece(packet, buffer, at + header, end, wire, protocol)
    if protocol == 6:
        return tcp(packet, buffer, at + header, end, wire)
    return transport(packet, buffer, at + header, end, wire, protocol)


def ipv6(packet: Fields, buffer: bytearray, at: int, end: int, wire: int) -> int:
    """Read an IPv6 header (RFC 8200), its extensions and what they carry."""
    if end - at < 40:
        return DAMAGED
    octets = read.of(buffer)
    if octets[at] >> 4 != 6:
        return DAMAGED
    total = read.half(octets, at + 4)
    if total != 0:
        wire = at + 40 + total
        if end > wire:
            end = wire
    packet.version = 6
    packet.tos = ((octets[at] & 15) << 4) | (octets[at + 1] >> 4)
    packet.ip_id = -1
    packet.dont_fragment = 0
    packet.ttl = octets[at + 7]
    packet.source_high = read.double(octets, at + 8)
    packet.source_low = read.double(octets, at + 16)
    packet.destination_high = read.double(octets, at + 24)
    packet.destination_low = read.double(octets, at + 32)
    protocol = octets[at + 6]
    at += 40
    if protocol == 6:
        return tcp(packet, buffer, at, end, wire)
    while True:
        if protocol == 0 or protocol == 43 or protocol == 60:
            if end - at < 8:
                return DAMAGED
            size = (buffer[at + 1] + 1) * 8
            if protocol == 43 and buffer[at + 3] != 0 and end - at >= size:
                final_destination(packet, buffer, at, size)
            elif protocol == 0 and total == 0 and buffer[at + 2] == 0xC2:
                # The jumbo option (RFC 2675), as Linux writes it: first.
                wire = at + read.word(octets, at + 4)
                if end > wire:
                    end = wire
            protocol = buffer[at]
            at += size
        elif protocol == 44:
            if end - at < 8:
                return DAMAGED
            pieces = (buffer[at + 2] << 8) | buffer[at + 3]
            protocol = buffer[at]
            at += 8
            if pieces & 0xFFF9:
                packet.piece_of = read.word(octets, at - 4)
                packet.piece_offset = pieces & 0xFFF8
                packet.piece_more = pieces & 1
                return piece(packet, buffer, at, end, wire, protocol)
        else:
            return transport(packet, buffer, at, end, wire, protocol)


def final_destination(packet: Fields, buffer: bytearray, at: int, size: int) -> None:
    """Take the last stop of a routing header of `size` octets that has stops left.

    Types 0 and 2 list it last (RFC 5095, 6275), type 4 first (RFC 8754).
    """
    octets = read.of(buffer)
    kind = octets[at + 2]
    if size < 24 or (kind != 0 and kind != 2 and kind != 4):
        return
    at += 8 if kind == 4 else size - 16
    packet.destination_high = read.double(octets, at)
    packet.destination_low = read.double(octets, at + 8)


def piece(
    packet: Fields, buffer: bytearray, at: int, end: int, wire: int, protocol: int
) -> int:
    """Read a fragment: the piece that completes a packet is that packet.

    As in Wireshark, a piece that the capture cut is not put together; the
    first one is read for itself then.
    """
    if packet.quoting or end < wire:
        if packet.piece_offset != 0:
            return FRAGMENT
        return transport(packet, buffer, at, end, wire, protocol)
    whole = packet.fragments.add(
        (
            packet.source_high,
            packet.source_low,
            packet.destination_high,
            packet.destination_low,
            packet.piece_of,
            protocol if packet.version == 4 else -1,
        ),
        buffer[at:end],
        packet.piece_offset,
        packet.piece_more != 0,
        protocol,
    )
    if whole is None:
        return FRAGMENT
    kind = transport(
        packet, whole.head, 0, len(whole.head), whole.total, whole.protocol
    )
    packet.payload_at = -1
    packet.payload_captured = 0
    return kind


def transport(
    packet: Fields, buffer: bytearray, at: int, end: int, wire: int, protocol: int
) -> int:
    """Follow an IP protocol number to a TCP header, or to what must be opened."""
    while protocol == 51:
        # The authentication header (RFC 4302) of IPv4 or IPv6.
        if end - at < 8:
            return DAMAGED
        protocol = buffer[at]
        at += (buffer[at + 1] + 2) * 4
    if protocol == 6:
        return tcp(packet, buffer, at, end, wire)
    if packet.quoting:
        return OTHER
    if (protocol == 1 and packet.version == 4) or (
        protocol == 58 and packet.version == 6
    ):
        return icmp(packet, buffer, at, end, wire)
    packet.carried = protocol
    packet.carried_at = at
    packet.carried_end = end
    packet.carried_wire = wire
    packet.carried_in = buffer
    return MORE


def icmp(packet: Fields, buffer: bytearray, at: int, end: int, wire: int) -> int:
    """Read an ICMP error (RFC 792, 4443) and the TCP segment in it.

    Damaged is one whose quote the capture cut before the ports.
    """
    if end - at < 8:
        return OTHER
    kind = buffer[at]
    six = packet.version == 6
    if six:
        if kind < 1 or kind > 4:
            return OTHER
    elif kind != 3 and kind != 11 and kind != 12 and kind != 4 and kind != 5:
        return OTHER
    packet.icmp_type = kind
    packet.icmp_code = buffer[at + 1]
    packet.icmp_version = packet.version
    packet.icmp_source_high = packet.source_high
    packet.icmp_source_low = packet.source_low
    packet.icmp_mtu = 0
    cut = end < wire
    if six:
        if kind == 2:
            packet.icmp_mtu = read.word(read.of(buffer), at + 4)
        size = buffer[at + 4] * 8 if kind == 1 or kind == 3 else 0
    else:
        if kind == 3 and packet.icmp_code == 4:
            packet.icmp_mtu = (buffer[at + 6] << 8) | buffer[at + 7]
        size = buffer[at + 5] * 4 if kind == 3 or kind >= 11 else 0
    at += 8
    if size and end > at + size:
        # After the quote come extensions (RFC 4884).
        end = at + size
    if kind == 5 and not six and end > at:
        # Of what a redirect quotes, Wireshark reads the first eight octets.
        size = (buffer[at] & 15) * 4 + 8
        end = min(end, at + size)
    packet.quoting = 1
    if six:
        kind = ipv6(packet, buffer, at, end, wire)
    else:
        kind = ipv4(packet, buffer, at, end, wire)
    if kind == TCP:
        return ICMP_ERROR
    return DAMAGED if kind == DAMAGED and cut else OTHER


def tcp(packet: Fields, buffer: bytearray, at: int, end: int, wire: int) -> int:
    """Read a TCP header (RFC 9293, 3.1).

    Its first 16 octets hold all that is read before the options, so a
    capture that is cut there still gives a segment. Of a quote the ports do: it
    has 8 octets at least (RFC 792), unless the capture cut it.
    """
    if packet.optioned:
        tcp_options.forget(packet)
    packet.has_timestamp = 0
    packet.payload_at = -1
    packet.payload_captured = 0
    octets = read.of(buffer)
    captured = end - at
    if captured < 16:
        if not packet.quoting or captured < 4:
            return DAMAGED
        packet.source_port = read.half(octets, at)
        packet.destination_port = read.half(octets, at + 2)
        packet.seq = read.word(octets, at + 4) if captured >= 8 else -1
        packet.ack = -1
        packet.flags = -1
        packet.window = -1
        packet.length = -1
        packet.optioned = 1
        packet.options_cut = 1
        return TCP
    packet.source_port = read.half(octets, at)
    packet.destination_port = read.half(octets, at + 2)
    packet.seq = read.word(octets, at + 4)
    packet.ack = read.word(octets, at + 8)
    offset = read.half(octets, at + 12)
    packet.flags = offset & 0x1FF
    packet.window = read.half(octets, at + 14)
    header = (offset >> 12) * 4
    length = wire - at - header
    if header < 20 or length < 0:
        if not packet.quoting:
            return DAMAGED
        packet.length = -1
        return TCP
    packet.length = length
    if header == 32 and captured >= 32 and read.word(octets, at + 20) == NOP_NOP_TS:
        packet.has_timestamp = 1
        packet.timestamp_value = read.word(octets, at + 24)
        packet.timestamp_echo = read.word(octets, at + 28)
    elif header > 20:
        tcp_options.take(packet, buffer, at + 20, end, at + header)
    elif captured < 20:
        packet.optioned = 1
        packet.options_cut = 1
    if captured > header:
        packet.payload_at = at + header
        packet.payload_captured = captured - header
    return TCP
