"""Boxes on the path: firewalls that refuse, and NATs that forget.

A box judges each segment: None lets it through, otherwise it says how it is
refused: `drop`, `tcp-reset`, or the name of an ICMP error.
"""

from dataclasses import dataclass, field, replace
from typing import Protocol

from lastack.tcp.flags import ACK, RST, SYN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before


class Box(Protocol):
    """What looks at every segment that passes."""

    def judge(self, towards: str, segment: Segment) -> str | None:
        """Return how the segment is refused, or None."""


class Watched(Protocol):
    """What is remembered of a connection's side."""

    next: int | None
    window: int


@dataclass(slots=True)
class Firewall:
    """Refuses all that goes `towards` a host (`both`: all)."""

    towards: str
    how: str

    def judge(self, towards: str, segment: Segment) -> str | None:
        """Refuse by direction only."""
        return self.how if self.towards in ("both", towards) else None


@dataclass(slots=True)
class Tracker:
    """A stateful firewall or NAT: knows connections by their SYN, and may forget.

    After `idle` nanoseconds without a segment a connection is forgotten; 0 is
    never.
    """

    how: str
    idle: int = 0
    known: dict[frozenset[tuple[str, int]], int] = field(default_factory=dict)

    def judge(self, towards: str, segment: Segment) -> str | None:
        """Let through what belongs to a connection that is known, or opens one."""
        source, destination = segment.source, segment.destination
        ends = frozenset(
            ((source.host, source.port), (destination.host, destination.port))
        )
        last = self.known.get(ends)
        fresh = last is not None and not (self.idle and segment.time - last > self.idle)
        opens = segment.flags & (SYN | ACK | RST) == SYN
        if opens or fresh:
            self.known[ends] = segment.time
            return None
        return self.how

    def forget(self) -> None:
        """Lose the table."""
        self.known.clear()


def forwarded(segment: Segment, hops: int) -> Segment:
    """Return the segment as it looks after `hops` routers."""
    return replace(segment, ttl=max(segment.ttl - hops, 1))


def watch(side: Watched, segment: Segment) -> None:
    """Remember how far the sender has come, as a third party can see it."""
    if segment.flags & RST:
        return
    end = add(segment.seq, segment.length)
    if segment.flags & SYN or side.next is None or before(side.next, end):
        side.next = end
    side.window = segment.window


def reset_by_box(offender: Segment, now: int) -> Segment | None:
    """Return a firewall's `tcp-reset` (netfilter's nf_send_reset): passive form."""
    if offender.flags & RST:
        return None
    if offender.flags & ACK:
        flags, seq, ack = RST, offender.ack, 0
    else:
        flags, seq, ack = RST | ACK, 0, add(offender.seq, offender.length)
    return Segment(
        now, offender.destination, offender.source, flags, seq, ack, 0, ttl=64
    )
