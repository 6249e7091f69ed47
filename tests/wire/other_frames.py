"""Frames that hold no whole segment: fragments, ICMP errors, other protocols."""

import struct
import warnings

from lastack.tcp.icmp import IcmpError
from lastack.wire.encode import encode_ip

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scapy.layers import inet, inet6, l2
    from scapy.packet import Raw

from tests.wire.frames import OUTER4, OUTER6, data, ethernet


def pieces4(packet: bytes, size: int, number: int) -> list[bytes]:
    """Return the Ethernet frames of `packet` cut to pieces of `size` octets."""
    header = bytearray(packet[:20])
    header[4:6] = struct.pack(">H", number)
    payload = packet[20:]
    frames = []
    for at in range(0, len(payload), size):
        piece = payload[at : at + size]
        more = 0x2000 if at + size < len(payload) else 0
        header[2:4] = struct.pack(">H", 20 + len(piece))
        header[6:8] = struct.pack(">H", more | at // 8)
        frames.append(ethernet(bytes(header) + piece))
    return frames


def pieces6(packet: bytes, size: int, number: int) -> list[bytes]:
    """Return the Ethernet frames of `packet` cut to pieces of `size` octets."""
    payload = packet[40:]
    frames = []
    for at in range(0, len(payload), size):
        piece = payload[at : at + size]
        more = int(at + size < len(payload))
        head = struct.pack(">BBHI", packet[6], 0, at | more, number)
        length = struct.pack(">H", len(piece) + 8)
        frames.append(
            ethernet(packet[:4] + length + b"\x2c" + packet[7:40] + head + piece)
        )
    return frames


def _icmp_types(version: int) -> list[tuple[int, int]]:
    if version == 4:
        return [(3, 0), (3, 1), (3, 3), (3, 4), (3, 13), (4, 0), (11, 0), (12, 0)]
    return [(1, 0), (1, 4), (2, 0), (3, 0), (4, 1)]


def icmp_errors(version: int) -> list[bytes]:
    """Return Ethernet frames of ICMP errors, quoting more and less."""
    reporter = "203.0.113.9" if version == 4 else "2001:db8:9::9"
    frames = []
    for number, (kind, code) in enumerate(_icmp_types(version)):
        mtu = 1400 if (version, kind, code) in {(4, 3, 4), (6, 2, 0)} else 0
        quoted = data(version, bytes(40), number)
        error = IcmpError(0, reporter, kind, code, quoted, mtu)
        frames.append(ethernet(encode_ip(error)))
    header = 20 if version == 4 else 40
    for quoted_octets in (8, 12, 15, 16, 18, 20, 32, 33):
        cut = header + 8 + header + quoted_octets
        packet = bytearray(frames[1][14:][:cut])
        if version == 4:
            packet[2:4] = struct.pack(">H", cut)
        else:
            packet[4:6] = struct.pack(">H", cut - 40)
        frames.append(ethernet(bytes(packet)))
    return frames


def not_tcp() -> list[bytes]:
    """Return Ethernet frames which hold no TCP segment."""
    ip = inet.IP(src=OUTER4[0], dst=OUTER4[1])
    six = inet6.IPv6(src=OUTER6[0], dst=OUTER6[1])
    return [
        ethernet(bytes(l2.ARP()), 0x0806),
        ethernet(bytes(ip / inet.UDP(sport=53, dport=1024) / Raw(b"x" * 30))),
        ethernet(bytes(ip / inet.ICMP() / Raw(b"ping"))),
        ethernet(bytes(six / inet6.ICMPv6EchoRequest())),
        ethernet(bytes(six / inet.UDP(sport=53, dport=1024))),
        ethernet(b"\x42\x42\x03" + bytes(40), 43),
        ethernet(bytes(50), 0x88CC),
        ethernet(bytes(ip / inet.ICMP(type=3, code=3) / ip / inet.UDP())),
    ]
