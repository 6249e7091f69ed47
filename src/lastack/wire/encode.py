"""Segments and ICMP errors to the octets of packets, with right checksums."""

import struct
from ipaddress import ip_address
from typing import Final

from lastack.tcp.flags import URG
from lastack.tcp.icmp import IcmpError
from lastack.tcp.options import laid_out
from lastack.tcp.segment import Options, Segment

# Locally administered addresses; what they are tells nothing.
_CLIENT_MAC: Final = b"\x02\x00\x00\x00\x00\x01"
_SERVER_MAC: Final = b"\x02\x00\x00\x00\x00\x02"


def checksum(octets: bytes) -> int:
    """Return the Internet checksum (RFC 1071) of `octets`."""
    if len(octets) % 2:
        octets += b"\0"
    total: int = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def encode_options(options: Options) -> bytes:
    """Return the options as a TCP header has them, padded to 32 bits.

    Raises ValueError if they take more than the 40 octets that there are.
    """
    octets = bytearray()
    for name, numbers in laid_out(options):
        if name == "mss":
            octets += struct.pack(">BBH", 2, 4, *numbers)
        elif name == "nop":
            octets += b"\x01"
        elif name == "sackOK":
            octets += b"\x04\x02"
        elif name == "TS":
            octets += struct.pack(">BBII", 8, 10, *numbers)
        elif name == "wscale":
            octets += struct.pack(">BBB", 3, 3, *numbers)
        else:
            size = len(numbers)
            octets += struct.pack(f">BB{size}I", 5, 2 + 4 * size, *numbers)
    octets += bytes(-len(octets) % 4)
    if len(octets) > 40:
        raise ValueError(f"{len(octets)} octets of TCP options; there is room for 40")
    return bytes(octets)


def encode_tcp(segment: Segment) -> bytes:
    """Return the TCP header, its checksum filled in, and the payload.

    With URG the urgent octet is the payload's last, and the pointer as Linux
    writes it: behind that octet (RFC 6093 2).
    """
    urgent = len(segment.payload) if segment.flags & URG else 0
    options = encode_options(segment.options)
    words = 5 + len(options) // 4
    octets = (
        struct.pack(
            ">HHIIHHHH",
            segment.source.port,
            segment.destination.port,
            segment.seq,
            segment.ack,
            (words << 12) | segment.flags,
            segment.window,
            0,
            urgent,
        )
        + options
        + segment.payload
    )
    source = ip_address(segment.source.host).packed
    destination = ip_address(segment.destination.host).packed
    covered = source + destination + struct.pack(">II", len(octets), 6) + octets
    return octets[:16] + struct.pack(">H", checksum(covered)) + octets[18:]


def encode_ip(packet: Segment | IcmpError) -> bytes:
    """Return the IPv4 or IPv6 packet that carries a segment or an ICMP error.

    Raises ValueError for addresses of two versions, and for what is longer
    than an IP packet can be.
    """
    if isinstance(packet, Segment):
        return _ip(
            packet.source.host,
            packet.destination.host,
            6,
            encode_tcp(packet),
            ttl=packet.ttl,
            tos=packet.tos,
            ip_id=packet.ip_id,
            dont_fragment=packet.dont_fragment,
        )
    return _icmp(packet)


def encode_ethernet(packet: Segment | IcmpError, *, from_client: bool = True) -> bytes:
    """Return the Ethernet frame of a segment or an ICMP error."""
    octets = encode_ip(packet)
    ends = (_CLIENT_MAC, _SERVER_MAC) if from_client else (_SERVER_MAC, _CLIENT_MAC)
    ethertype = b"\x08\x00" if octets[0] >> 4 == 4 else b"\x86\xdd"
    return ends[1] + ends[0] + ethertype + octets


def _ip(
    source: str,
    destination: str,
    protocol: int,
    payload: bytes,
    *,
    ttl: int = 64,
    tos: int = 0,
    ip_id: int = 0,
    dont_fragment: bool = True,
) -> bytes:
    version = ip_address(source).version
    if ip_address(destination).version != version:
        raise ValueError(f"{source} and {destination} are of two IP versions")
    addresses = ip_address(source).packed + ip_address(destination).packed
    if len(payload) > 65535 - (20 if version == 4 else 0):
        raise ValueError(f"{len(payload)} octets do not fit into one IP packet")
    if version == 6:
        first = (6 << 28) | (tos << 20)
        header = struct.pack(">IHBB", first, len(payload), protocol, ttl)
        return header + addresses + payload
    header = struct.pack(
        ">BBHHHBBH",
        0x45,
        tos,
        20 + len(payload),
        ip_id,
        0x4000 if dont_fragment else 0,
        ttl,
        protocol,
        0,
    )
    header += addresses
    return header[:10] + struct.pack(">H", checksum(header)) + header[12:] + payload


def _icmp(error: IcmpError) -> bytes:
    quoted = encode_ip(error.quoted)
    six = quoted[0] >> 4 == 6
    source, destination = error.reporter, error.quoted.source.host
    # RFC 1812 4.3.2.3, RFC 4443 2.4: as much as fits without being fragmented.
    quoted = quoted[: 1280 - 48 if six else 576 - 28]
    octets = struct.pack(">BBHI", error.kind, error.code, 0, error.mtu) + quoted
    if six:
        ends = ip_address(source).packed + ip_address(destination).packed
        covered = ends + struct.pack(">II", len(octets), 58) + octets
    else:
        covered = octets
    octets = octets[:2] + struct.pack(">H", checksum(covered)) + octets[4:]
    return _ip(
        source,
        destination,
        58 if six else 1,
        octets,
        ttl=error.ttl,
        dont_fragment=False,
        tos=0 if six else 0xC0,
    )
