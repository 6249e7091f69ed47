"""An ICMP error about a TCP segment: what a router or host says became of it."""

from dataclasses import dataclass
from typing import Final

from lastack.tcp.segment import Segment


@dataclass(frozen=True, slots=True)
class IcmpError:
    """An ICMP (RFC 792) or ICMPv6 (RFC 4443) error that quotes a segment.

    It goes from the host `reporter` to the sender of `quoted`; the versions of
    the two are the same. `time` is in nanoseconds; `mtu` is what would have
    fitted, 0 where the error does not tell.
    """

    time: int
    reporter: str
    kind: int
    code: int
    quoted: Segment
    mtu: int = 0
    ttl: int = 64


ICMP_NAMES: Final[dict[str, tuple[int, int]]] = {
    "unreachable net": (3, 0),
    "unreachable host": (3, 1),
    "unreachable protocol": (3, 2),
    "unreachable port": (3, 3),
    "unreachable frag_needed": (3, 4),
    "unreachable source_route": (3, 5),
    "unreachable net_prohibited": (3, 9),
    "unreachable host_prohibited": (3, 10),
    "unreachable prohibited": (3, 13),
    "source_quench": (4, 0),
    "time_exceeded transit": (11, 0),
    "time_exceeded reassembly": (11, 1),
    "parameter_problem": (12, 0),
}
"""ICMP's types and codes by name (RFC 792, RFC 1812 5.2.7)."""

ICMPV6_NAMES: Final[dict[str, tuple[int, int]]] = {
    "unreachable net": (1, 0),
    "unreachable prohibited": (1, 1),
    "unreachable host": (1, 3),
    "unreachable port": (1, 4),
    "unreachable source_policy": (1, 5),
    "unreachable reject": (1, 6),
    "unreachable frag_needed": (2, 0),
    "time_exceeded transit": (3, 0),
    "time_exceeded reassembly": (3, 1),
    "parameter_problem": (4, 0),
}
"""ICMPv6's types and codes by name (RFC 4443); `frag_needed` is Packet Too Big."""


def icmp_names(version: int) -> dict[str, tuple[int, int]]:
    """Return the names of ICMP for IP version 4, of ICMPv6 for 6."""
    return ICMP_NAMES if version == 4 else ICMPV6_NAMES


def icmp_name(version: int, kind: int, code: int) -> str:
    """Return the name of an error; `type 3 code 7` where it has none."""
    for name, numbers in icmp_names(version).items():
        if numbers == (kind, code):
            return name
    return f"type {kind} code {code}"
