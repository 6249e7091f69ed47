"""Frames of every link type and encapsulation, built by hand and by scapy."""

import struct
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from lastack.tcp import flags as bits
from lastack.tcp.segment import Address, Options, Segment
from lastack.wire.encode import encode_ip

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from scapy.contrib.geneve import GENEVE
    from scapy.contrib.mpls import MPLS
    from scapy.layers import inet, inet6, l2, ppp, vxlan
    from scapy.packet import Raw

CLIENT4, SERVER4 = Address("192.0.2.1", 40000), Address("198.51.100.7", 80)
CLIENT6, SERVER6 = Address("2001:db8::1", 40000), Address("2001:db8:0:1::7", 443)
OUTER4 = ("203.0.113.1", "203.0.113.2")
OUTER6 = ("2001:db8:ffff::1", "2001:db8:ffff::2")

_SYN_OPTIONS = Options(1460, 7, True, (0xFFFFFFF0, 0))
_TIMES = Options(timestamp=(4_000_000_000, 3_999_999_999))
_SACK = Options(timestamp=(1, 2), sack=((4_000_000_100, 4_000_000_200), (7, 9)))


def segments(client: Address, server: Address) -> Iterator[Segment]:
    """Yield one segment of every kind that a decoder may treat in its own way."""
    flags_and_options = [
        (bits.SYN, _SYN_OPTIONS, b""),
        (bits.SYN | bits.ECE | bits.CWR, Options(mss=536), b""),
        (bits.SYN | bits.ACK, Options(1440, 14, True), b""),
        (bits.ACK, Options(), b""),
        (bits.ACK, _TIMES, b""),
        (bits.PSH | bits.ACK, _TIMES, b"x"),
        (bits.PSH | bits.ACK, Options(), bytes(range(256)) * 5),
        (bits.ACK, _SACK, b""),
        (bits.ACK, Options(sack=((1, 2),)), b"odd"),
        (bits.FIN | bits.ACK, _TIMES, b"last"),
        (bits.RST, Options(), b""),
        (bits.RST | bits.ACK, Options(), b""),
        (bits.AE | bits.URG | bits.ACK, Options(window_scale=0), b""),
        (0, Options(), b""),
    ]
    for number, (flags, options, payload) in enumerate(flags_and_options):
        yield Segment(
            time=number,
            source=client if number % 2 == 0 else server,
            destination=server if number % 2 == 0 else client,
            flags=flags,
            seq=(4_294_967_290 + number * 3) % (1 << 32),
            ack=number * 300_000_000 if flags & bits.ACK else 0,
            window=65535 - number * 5000 if number < 13 else 0,
            payload=payload,
            options=options,
            ttl=64 - number,
            ip_id=number * 5000,
            dont_fragment=number % 3 != 0,
            tos=number * 4,
        )


IPV4 = [encode_ip(segment) for segment in segments(CLIENT4, SERVER4)]
IPV6 = [encode_ip(segment) for segment in segments(CLIENT6, SERVER6)]


def data(version: int = 4, payload: bytes = b"data", number: int = 7) -> Segment:
    """Return a data segment, the same each time but for `number`."""
    return Segment(
        time=0,
        source=CLIENT4 if version == 4 else CLIENT6,
        destination=SERVER4 if version == 4 else SERVER6,
        flags=bits.PSH | bits.ACK,
        seq=1000 + number,
        ack=2000,
        window=300,
        payload=payload,
        options=_TIMES,
        ttl=61,
        ip_id=number,
    )


def ethertype(packet: bytes) -> int:
    """Return the EtherType of an IP packet."""
    return 0x0800 if packet[0] >> 4 == 4 else 0x86DD


def ethernet(payload: bytes, kind: int | None = None) -> bytes:
    """Return an Ethernet frame; `kind` is IP's by default."""
    kind = ethertype(payload) if kind is None else kind
    return bytes.fromhex("020000000001020000000002") + struct.pack(">H", kind) + payload


def _family(order: str, six: int) -> Callable[[bytes], bytes]:
    return lambda packet: (
        struct.pack(f"{order}I", 2 if packet[0] >> 4 == 4 else six) + packet
    )


def _ppp(packet: bytes) -> bytes:
    return (b"\x00\x21" if packet[0] >> 4 == 4 else b"\x00\x57") + packet


def _short_ppp(packet: bytes) -> bytes:
    return _ppp(packet)[1:]


def _cooked_v1(packet: bytes) -> bytes:
    head = struct.pack(">HHH8sH", 0, 1, 6, b"\x02", ethertype(packet))
    return head + packet


def _cooked_v2(packet: bytes) -> bytes:
    head = struct.pack(">HHIHBB8s", ethertype(packet), 0, 3, 1, 0, 6, b"\x02")
    return head + packet


LINKS: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "ethernet": (1, ethernet),
    "cooked-v1": (113, _cooked_v1),
    "cooked-v2": (276, _cooked_v2),
    "raw": (101, bytes),
    "raw-bsd": (12, bytes),
    "null-little": (0, _family("<", 30)),
    "null-big": (0, _family(">", 24)),
    "null-freebsd": (0, _family("<", 28)),
    "loop": (108, _family(">", 24)),
    "enc": (109, lambda packet: _family("<", 24)(packet)[:4] + bytes(8) + packet),
    "ppp": (9, _ppp),
    "ppp-framed": (9, lambda packet: b"\xff\x03" + _ppp(packet)),
    "ppp-hdlc": (50, lambda packet: b"\xff\x03" + _ppp(packet)),
    "ppp-hdlc-cisco": (
        50,
        lambda packet: struct.pack(">HH", 0x0F00, ethertype(packet)) + packet,
    ),
    "ppp-direction": (204, lambda packet: b"\x01\xff\x03" + _ppp(packet)),
    "pppoe": (51, lambda packet: b"\x11\x00\x00\x05" + _length(_ppp(packet))),
    "cisco-hdlc": (
        104,
        lambda packet: struct.pack(">HH", 0x0F00, ethertype(packet)) + packet,
    ),
    "firewire": (138, lambda packet: bytes(16) + ethernet(packet)[12:]),
}
"""By name: LINKTYPE_ number, and an IP packet's frame of that link type."""


def _length(payload: bytes) -> bytes:
    return struct.pack(">H", len(payload)) + payload


def _outer(version: int, **fields: Any) -> Any:
    if version == 4:
        return inet.IP(src=OUTER4[0], dst=OUTER4[1], **fields)
    if "proto" in fields:
        fields["nh"] = fields.pop("proto")
    return inet6.IPv6(src=OUTER6[0], dst=OUTER6[1], **fields)


def _in_ip(version: int, *, protocol: int | None = None) -> Callable[[bytes], bytes]:
    def wrap(packet: bytes) -> bytes:
        number = protocol or (4 if packet[0] >> 4 == 4 else 41)
        return ethernet(bytes(_outer(version, proto=number) / Raw(packet)))

    return wrap


def _gre(version: int, **fields: Any) -> Callable[[bytes], bytes]:
    def wrap(packet: bytes) -> bytes:
        header = l2.GRE(proto=ethertype(packet), **fields)
        return ethernet(bytes(_outer(version, proto=47) / header / Raw(packet)))

    return wrap


def _gre_ethernet(kind: int, header: bytes, **fields: Any) -> Callable[[bytes], bytes]:
    def wrap(packet: bytes) -> bytes:
        gre = l2.GRE(proto=kind, **fields)
        inner = Raw(header + ethernet(packet))
        return ethernet(bytes(_outer(4, proto=47) / gre / inner))

    return wrap


def _vxlan(version: int) -> Callable[[bytes], bytes]:
    def wrap(packet: bytes) -> bytes:
        udp = inet.UDP(sport=50000, dport=4789)
        inner = vxlan.VXLAN(vni=5, flags=8) / Raw(ethernet(packet))
        return ethernet(bytes(_outer(version) / udp / inner))

    return wrap


def _geneve(*, options: bytes = b"", bridged: bool) -> Callable[[bytes], bytes]:
    def wrap(packet: bytes) -> bytes:
        udp = inet.UDP(sport=50000, dport=6081)
        header = GENEVE(
            vni=5,
            proto=0x6558 if bridged else ethertype(packet),
            optionlen=len(options) // 4,
            options=Raw(options) if options else b"",
        )
        inner = Raw(ethernet(packet) if bridged else packet)
        return ethernet(bytes(_outer(4) / udp / Raw(bytes(header)) / inner))

    return wrap


def _labels(*labels: int) -> bytes:
    stack = [MPLS(label=label, s=0, ttl=9) for label in labels]
    stack[-1].s = 1
    return b"".join(bytes(entry)[:4] for entry in stack)


def _mpls(*labels: int) -> Callable[[bytes], bytes]:
    return lambda packet: ethernet(_labels(*labels) + packet, 0x8847)


def _bridged(packet: bytes) -> bytes:
    """Return a frame whose addresses are of a known vendor: Wireshark looks."""
    return bytes.fromhex("000c29000001000c29000002") + ethernet(packet)[12:]


def _tagged(*tags: tuple[int, int]) -> Callable[[bytes], bytes]:
    def wrap(packet: bytes) -> bytes:
        kinds = [kind for kind, _ in tags[1:]] + [ethertype(packet)]
        rest = b"".join(
            struct.pack(">HH", vlan, kind)
            for (_, vlan), kind in zip(tags, kinds, strict=True)
        )
        return ethernet(rest + packet, tags[0][0])

    return wrap


def _llc(packet: bytes) -> bytes:
    snap = b"\xaa\xaa\x03\0\0\0" + struct.pack(">H", ethertype(packet)) + packet
    return ethernet(snap, len(snap)) if len(snap) <= 1500 else ethernet(packet)


def _pppoe(packet: bytes) -> bytes:
    return ethernet(
        bytes(ppp.PPPoE(sessionid=5, len=len(packet) + 2) / Raw(_ppp(packet))), 0x8864
    )


def _pptp(packet: bytes) -> bytes:
    head = struct.pack(">HHHHI", 0x3001, 0x880B, len(packet) + 4, 9, 1)
    head_with_ack = struct.pack(">HHHHII", 0x3081, 0x880B, len(packet) + 4, 9, 1, 2)
    framed = b"\xff\x03" + _ppp(packet)
    chosen = head if len(packet) % 2 else head_with_ack
    return ethernet(bytes(_outer(4, proto=47) / Raw(chosen + framed)))


def _authenticated(version: int) -> Callable[[bytes], bytes]:
    def wrap(packet: bytes) -> bytes:
        number = 4 if packet[0] >> 4 == 4 else 41
        header = struct.pack(">BBHII", number, 4, 0, 1, 2) + bytes(12)
        return ethernet(bytes(_outer(version, proto=51) / Raw(header + packet)))

    return wrap


def _nested(times: int) -> Callable[[bytes], bytes]:
    def wrap(packet: bytes) -> bytes:
        for _ in range(times):
            number = 4 if packet[0] >> 4 == 4 else 41
            packet = bytes(_outer(4, proto=number) / Raw(packet))
        return ethernet(packet)

    return wrap


ENCAPSULATIONS: dict[str, Callable[[bytes], bytes]] = {
    "vlan": _tagged((0x8100, 5)),
    "qinq": _tagged((0x88A8, 5), (0x8100, 6)),
    "qinq-9100": _tagged((0x9100, 5), (0x8100, 6)),
    "three-tags": _tagged((0x88A8, 5), (0x8100, 6), (0x8100, 7)),
    "mpls": _mpls(100),
    "mpls-three": _mpls(100, 200, 300),
    "pseudowire": lambda packet: ethernet(_labels(100) + _bridged(packet), 0x8847),
    "pseudowire-control": lambda packet: ethernet(
        _labels(100) + bytes(4) + _bridged(packet), 0x8847
    ),
    "vlan-mpls": lambda packet: ethernet(
        struct.pack(">HH", 9, 0x8847) + _labels(5) + packet, 0x8100
    ),
    "pppoe": _pppoe,
    "snap": _llc,
    "ip-in-ipv4": _in_ip(4),
    "ip-in-ipv6": _in_ip(6),
    "mpls-in-ip": lambda packet: _in_ip(4, protocol=137)(_labels(7) + packet),
    "gre": _gre(4),
    "gre-in-ipv6": _gre(6),
    "gre-checksum": _gre(4, chksum_present=1),
    "gre-key": _gre(4, key_present=1, key=7),
    "gre-sequence": _gre(4, seqnum_present=1, sequence_number=7),
    "gre-all": _gre(4, chksum_present=1, key_present=1, seqnum_present=1),
    "gre-ethernet": _gre_ethernet(0x6558, b"", key_present=1),
    "erspan-1": _gre_ethernet(0x88BE, b""),
    "erspan-2": _gre_ethernet(0x88BE, b"\x10\x05\x00\x09" + bytes(4), seqnum_present=1),
    "erspan-3": _gre_ethernet(0x22EB, b"\x20\x05\x00\x09" + bytes(8), seqnum_present=1),
    "erspan-3-platform": _gre_ethernet(
        0x22EB, b"\x20\x05\x00\x09" + bytes(7) + b"\x01" + bytes(8), seqnum_present=1
    ),
    "pptp": _pptp,
    "vxlan": _vxlan(4),
    "vxlan-in-ipv6": _vxlan(6),
    "geneve": _geneve(bridged=True),
    "geneve-ip": _geneve(bridged=False),
    "geneve-options": _geneve(options=b"\x01\x02\x03\x01abcd" * 2, bridged=True),
    "authenticated": _authenticated(4),
    "authenticated-ipv6": _authenticated(6),
    "five-deep": _nested(5),
    "padded": lambda packet: ethernet(packet).ljust(200, b"\xee"),
}
"""By name: what makes an Ethernet frame of an IP packet."""


def _ipv4_options(packet: bytes) -> bytes:
    octets = bytearray(packet[:20] + b"\x94\x04\0\0\x01\x01\x01\0" + packet[20:])
    octets[0] = 0x47
    octets[2:4] = struct.pack(">H", len(octets))
    return ethernet(bytes(octets))


def _extended(first: int, *headers: bytes) -> Callable[[bytes], bytes]:
    """Put IPv6 extension headers in; each begins with the next one's number."""

    def wrap(packet: bytes) -> bytes:
        rest = b"".join(headers)
        octets = bytearray(packet[:40] + rest + packet[40:])
        octets[6] = first
        octets[4:6] = struct.pack(">H", len(octets) - 40)
        return ethernet(bytes(octets))

    return wrap


def _routing(kind: int, left: int, *addresses: str) -> bytes:
    stops = b"".join(encode_address(address) for address in addresses)
    last = len(addresses) - 1 if kind == 4 else 0
    return struct.pack(">BBBBBBH", 6, len(stops) // 8, kind, left, last, 0, 0) + stops


def encode_address(text: str) -> bytes:
    """Return the 16 octets of an IPv6 address."""
    return bytes(inet6.IPv6(src=text))[8:24]


IPV4_HEADERS = {"ip-options": _ipv4_options}
IPV6_HEADERS = {
    "hop-by-hop": _extended(0, b"\x06\x00\x05\x02\0\0\x01\0"),
    "destination": _extended(60, b"\x06\x01\x01\x0c" + bytes(12)),
    "authentication": _extended(51, b"\x06\x04\0\0" + bytes(20)),
    "three": _extended(
        0,
        b"\x3c\x00\x05\x02\0\0\x01\0",
        b"\x2b\x00\x01\x04" + bytes(4),
        b"\x06\x00\x00\x00" + bytes(4),
    ),
    "routing-0": _extended(43, _routing(0, 1, "2001:db8::99")),
    "routing-0-done": _extended(43, _routing(0, 0, "2001:db8::99")),
    "routing-2": _extended(43, _routing(2, 1, "2001:db8::99")),
    "segments": _extended(43, _routing(4, 1, "2001:db8::98", "2001:db8::99")),
    "atomic": _extended(44, b"\x06\x00\x00\x00\x00\x00\x00\x09"),
}
"""By name: what makes an Ethernet frame of an IPv6 packet, with more headers."""
