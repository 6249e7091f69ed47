"""Ethernet frames of the laboratory as segments.

Only what the lab's own namespaces send is met here: Ethernet without tags, IPv4
without fragments, IPv6 without extension headers.
"""

import ipaddress
import struct
from functools import lru_cache
from typing import Final

from lastack.tcp.segment import Address, Options, Segment

_IPV4: Final = 0x0800
_IPV6: Final = 0x86DD
_TCP: Final = 6
# Ethernet, the shorter IP header, a TCP header; IPv6 is checked again below.
_SHORTEST: Final = 54


def segment_of(time: int, frame: bytes) -> Segment | None:
    """Return the segment in `frame`, captured at `time`; None if it has none."""
    if len(frame) < _SHORTEST:
        return None
    kind = int.from_bytes(frame[12:14], "big")
    if kind == _IPV4 and frame[23] == _TCP:
        start = 14 + (frame[14] & 15) * 4
        end = 14 + int.from_bytes(frame[16:18], "big")
        hosts = frame[26:30], frame[30:34]
        tos, ttl = frame[15], frame[22]
        ip_id = int.from_bytes(frame[18:20], "big")
        dont_fragment = bool(frame[20] & 0x40)
    elif kind == _IPV6 and frame[20] == _TCP:
        start = 54
        end = 54 + int.from_bytes(frame[18:20], "big")
        hosts = frame[22:38], frame[38:54]
        tos = int.from_bytes(frame[14:16], "big") >> 4 & 0xFF
        ttl, ip_id, dont_fragment = frame[21], 0, True
    else:
        return None
    if len(frame) < start + 20:
        return None
    source, destination, seq, ack, control, window = struct.unpack_from(
        "!HHIIHH", frame, start
    )
    data = start + (control >> 12) * 4
    return Segment(
        time,
        Address(_host(hosts[0]), source),
        Address(_host(hosts[1]), destination),
        control & 0x1FF,
        seq,
        ack,
        window,
        frame[data:end],
        _options(frame[start + 20 : data]),
        ttl,
        ip_id,
        dont_fragment,
        tos,
    )


@lru_cache(4096)
def _host(octets: bytes) -> str:
    return str(ipaddress.ip_address(octets))


def _options(octets: bytes) -> Options:
    mss = scale = timestamp = None
    sack_permitted = False
    sack: tuple[tuple[int, int], ...] = ()
    at = 0
    while at < len(octets) and octets[at] != 0:
        if octets[at] == 1:
            at += 1
            continue
        size = octets[at + 1] if at + 1 < len(octets) else 0
        if size < 2:
            break
        kind, value = octets[at], octets[at + 2 : at + size]
        if kind == 2 and len(value) == 2:
            mss = int.from_bytes(value, "big")
        elif kind == 3 and value:
            scale = value[0]
        elif kind == 4:
            sack_permitted = True
        elif kind == 5:
            edges = struct.unpack(f"!{len(value) // 4}I", value)
            sack = tuple(zip(edges[::2], edges[1::2], strict=False))
        elif kind == 8 and len(value) == 8:
            timestamp = struct.unpack("!II", value)
        at += size
    return Options(mss, scale, sack_permitted, timestamp, sack)
