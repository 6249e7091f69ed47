"""What lies around IP: VLAN tags, PPP, MPLS; and tunnels, which IP itself carries.

A protocol's number leads to the IP packet, and that (MORE) perhaps to a tunnel,
in which a protocol's number leads to an IP packet again.
"""

from lastack.wire import internet
from lastack.wire.fields import Fields
from lastack.wire.kind import DAMAGED, OTHER

MOST_TUNNELS = 8
"""How many encapsulations of one frame are opened."""


def network(
    packet: Fields, buffer: bytearray, at: int, end: int, wire: int, protocol: int
) -> int:
    """Follow an EtherType through tags and labels to the IP packet."""
    while True:
        if protocol == 0x0800:
            return internet.ipv4(packet, buffer, at, end, wire)
        if protocol == 0x86DD:
            return internet.ipv6(packet, buffer, at, end, wire)
        if protocol == 0x8100 or protocol == 0x88A8 or protocol == 0x9100:
            if end - at < 4:
                return DAMAGED
            protocol = (buffer[at + 2] << 8) | buffer[at + 3]
            at += 4
        elif protocol <= 1500:
            # IEEE 802.3: it was a length; LLC names IP, or SNAP does.
            if end - at < 8:
                return OTHER
            if buffer[at] == 6 and buffer[at + 1] == 6 and buffer[at + 2] == 3:
                return internet.ipv4(packet, buffer, at + 3, end, wire)
            if (
                buffer[at] != 0xAA
                or buffer[at + 1] != 0xAA
                or buffer[at + 2] != 3
                or buffer[at + 3] != 0
                or buffer[at + 4] != 0
                or (buffer[at + 5] != 0 and buffer[at + 5] != 0xF8)
            ):
                return OTHER
            protocol = (buffer[at + 6] << 8) | buffer[at + 7]
            at += 8
        elif protocol == 0x8847 or protocol == 0x8848:
            return mpls(packet, buffer, at, end, wire)
        elif protocol == 0x8864:
            # PPPoE (RFC 2516): version and type 1, code 0, a session.
            if end - at < 6:
                return DAMAGED
            if buffer[at] != 0x11 or buffer[at + 1] != 0:
                return OTHER
            return ppp(packet, buffer, at + 6, end, wire)
        elif protocol == 0x880B:
            return ppp(packet, buffer, at, end, wire)
        else:
            return OTHER


def by_version(packet: Fields, buffer: bytearray, at: int, end: int, wire: int) -> int:
    """Read an IP packet that only its own first nibble names."""
    if at >= end:
        return DAMAGED
    version = buffer[at] >> 4
    if version == 4:
        return internet.ipv4(packet, buffer, at, end, wire)
    if version == 6:
        return internet.ipv6(packet, buffer, at, end, wire)
    return OTHER


def ppp(packet: Fields, buffer: bytearray, at: int, end: int, wire: int) -> int:
    """Read a PPP header (RFC 1661, 1662), compressed or not, or Cisco HDLC."""
    if end - at < 4:
        return DAMAGED
    if (buffer[at] == 0x0F or buffer[at] == 0x8F) and buffer[at + 1] == 0:
        protocol = (buffer[at + 2] << 8) | buffer[at + 3]
        return network(packet, buffer, at + 4, end, wire, protocol)
    if buffer[at] == 0xFF and buffer[at + 1] == 3:
        at += 2
    protocol = buffer[at]
    at += 1
    if protocol & 1 == 0:
        protocol = (protocol << 8) | buffer[at]
        at += 1
    if protocol == 0x21:
        return internet.ipv4(packet, buffer, at, end, wire)
    if protocol == 0x57:
        return internet.ipv6(packet, buffer, at, end, wire)
    if protocol == 0x281 or protocol == 0x283:
        return mpls(packet, buffer, at, end, wire)
    return OTHER


def mpls(packet: Fields, buffer: bytearray, at: int, end: int, wire: int) -> int:
    """Pass a stack of labels (RFC 3032); what follows names itself."""
    while True:
        if end - at < 5:
            return DAMAGED
        at += 4
        if buffer[at - 2] & 1:
            break
    if buffer[at] >> 4 == 0:
        # A pseudowire (RFC 4448): Ethernet, perhaps after a control word.
        # Nothing tells which, but where an EtherType is one of ours.
        if carries(buffer, at + 16, end):
            return tunnel(packet, buffer, at + 4, end, wire, 0x6558)
        return tunnel(packet, buffer, at, end, wire, 0x6558)
    return by_version(packet, buffer, at, end, wire)


def carries(buffer: bytearray, at: int, end: int) -> int:
    """Return 1 if the EtherType at `at` is of IP or of a tag, else 0."""
    if end - at < 2:
        return 0
    kind = (buffer[at] << 8) | buffer[at + 1]
    return 1 if kind == 0x0800 or kind == 0x86DD or kind == 0x8100 else 0


def tunnel(
    packet: Fields, buffer: bytearray, at: int, end: int, wire: int, protocol: int
) -> int:
    """Open an encapsulation of an EtherType's protocol; 0x6558 is Ethernet."""
    if packet.tunnels >= MOST_TUNNELS:
        return OTHER
    packet.tunnels += 1
    if protocol == 0x6558:
        if end - at < 14:
            return DAMAGED
        protocol = (buffer[at + 12] << 8) | buffer[at + 13]
        at += 14
    return network(packet, buffer, at, end, wire, protocol)


def carried(packet: Fields, buffer: bytearray) -> int:
    """Open what IP carries in `buffer`, if it is one of the tunnels known here."""
    protocol = packet.carried
    at = packet.carried_at
    end = packet.carried_end
    wire = packet.carried_wire
    if protocol == 17:
        return udp(packet, buffer, at, end, wire)
    if protocol == 4:
        return tunnel(packet, buffer, at, end, wire, 0x0800)
    if protocol == 41:
        return tunnel(packet, buffer, at, end, wire, 0x86DD)
    if protocol == 47:
        return gre(packet, buffer, at, end, wire)
    if protocol == 137:
        return tunnel(packet, buffer, at, end, wire, 0x8847)
    return OTHER


def gre(packet: Fields, buffer: bytearray, at: int, end: int, wire: int) -> int:
    """Open GRE (RFC 2784, 2890, 2637), ERSPAN in it too."""
    if end - at < 4:
        return DAMAGED
    present = (buffer[at] << 8) | buffer[at + 1]
    protocol = (buffer[at + 2] << 8) | buffer[at + 3]
    if present & 0x4000 or present & 7 > 1:
        return OTHER
    at += 4
    if present & 0x8000:
        at += 4
    if present & 0x2000:
        at += 4
    if present & 0x1000:
        at += 4
    if present & 7 == 1 and present & 0x80:
        at += 4
    if protocol == 0x88BE:
        # ERSPAN: type I has no header and no sequence number, type II both.
        if present & 0x1000:
            at += 8
        protocol = 0x6558
    elif protocol == 0x22EB:
        # ERSPAN type III, with a platform's own header where it says so.
        if end - at < 12:
            return DAMAGED
        at += 20 if buffer[at + 11] & 1 else 12
        protocol = 0x6558
    return tunnel(packet, buffer, at, end, wire, protocol)


def udp(packet: Fields, buffer: bytearray, at: int, end: int, wire: int) -> int:
    """Open VXLAN (RFC 7348) and Geneve (RFC 8926); other UDP is not TCP."""
    if end - at < 16:
        return OTHER
    port = (buffer[at + 2] << 8) | buffer[at + 3]
    if port == 4789 and buffer[at + 8] & 8:
        return tunnel(packet, buffer, at + 16, end, wire, 0x6558)
    if port == 6081 and buffer[at + 8] >> 6 == 0:
        protocol = (buffer[at + 10] << 8) | buffer[at + 11]
        at += 16 + (buffer[at + 8] & 63) * 4
        return tunnel(packet, buffer, at, end, wire, protocol)
    return OTHER
