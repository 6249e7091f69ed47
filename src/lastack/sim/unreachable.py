"""ICMP errors of boxes and hosts about segments that they refuse (RFC 792, 1812)."""

from dataclasses import dataclass
from typing import Final

from lastack.tcp.events import Datagram
from lastack.tcp.icmp import IcmpError, icmp_names
from lastack.tcp.segment import Address, Segment
from lastack.wire.encode import encode_ip

ROUTER: Final = "192.0.2.126"
"""Who reports what the path refuses."""

_HEADER: Final = 8
"""Octets of ICMP before what is quoted."""

_WORDS: Final = {
    "port-unreachable": ("unreachable port", "{host} tcp port {port} unreachable"),
    "host-unreachable": ("unreachable host", "host {host} unreachable"),
    "net-unreachable": ("unreachable net", "net {host} unreachable"),
    "admin-prohibited": (
        "unreachable prohibited",
        "host {host} unreachable - admin prohibited filter",
    ),
}
"""A scenario's refusals: the error's name, and what tcpdump prints of it."""


@dataclass(frozen=True, slots=True)
class Reported(Datagram):
    """An ICMP error passed a place: as any datagram, and the error itself."""

    error: IcmpError


def unreachable(how: str, quoted: Segment, reporter: str, now: int) -> IcmpError:
    """Return the error that tells `quoted`'s sender how it was refused.

    `how` is one of a scenario's refusals, `port-unreachable`; raises KeyError for
    one that is no ICMP error.
    """
    kind, code = icmp_names(4)[_WORDS[how][0]]
    return IcmpError(now, reporter, kind, code, quoted)


def reported(
    how: str, error: IcmpError, now: int, where: str, *, leaves: bool
) -> Reported:
    """Return the event that `error` passed `where`."""
    quoted = error.quoted
    text = _WORDS[how][1].format(
        host=quoted.destination.host, port=quoted.destination.port
    )
    text = f"ICMP {text}, length {_HEADER + len(encode_ip(quoted))}"
    source, destination = Address(error.reporter, 0), Address(quoted.source.host, 0)
    return Reported(now, where, source, destination, text, leaves, error)
