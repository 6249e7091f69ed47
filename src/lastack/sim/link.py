"""The path between two hosts: delay, jitter, loss, reordering, duplication, cuts.

A tap sits in its middle. A segment comes there after half the delay, is seen,
meets its fate, and arrives after the other half: what is lost was seen at the
tap and is not seen behind it. Boxes on the path (`boxes.py`) may refuse,
swallow or forge there.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final, Protocol

from lastack.sim.boxes import Box, forwarded, reset_by_box, watch
from lastack.sim.circumstances import Passage, Ports
from lastack.sim.generator import Generator
from lastack.sim.udp import Datagram
from lastack.sim.unreachable import ROUTER, reported, unreachable
from lastack.sim.world import World
from lastack.tcp.events import Sent
from lastack.tcp.icmp import IcmpError
from lastack.tcp.scenario import Kind, is_kind
from lastack.tcp.segment import Segment
from lastack.wire.encode import encode_ip

_HEADERS: Final = 66
"""Octets of Ethernet, IPv4, TCP and its timestamps."""
_SECOND: Final = 1_000_000_000
_REPORTS: Final = 6
_ANY_SIZE: Final = 65536


class Receiver(Protocol):
    """Who is at an end of a link: a host, which captures while it has power."""

    role: str
    powered: bool

    def arrives(self, segment: Segment) -> None:
        """Take a segment."""

    def icmp_arrives(self, kind: str, quoted: Segment) -> None:
        """Take an ICMP error about a segment that was sent."""

    def datagram_arrives(self, datagram: Datagram) -> None:
        """Take a UDP datagram."""


@dataclass(slots=True)
class Conditions:
    """How a direction treats segments; times in nanoseconds.

    The chances are per million. A reordered segment is `reorder_delay` late.
    `rate` is in octets a second, 0 for any; what is larger than `mtu` is lost, and
    nobody is told.
    """

    delay: int = 10_000_000
    jitter: int = 0
    loss: int = 0
    duplication: int = 0
    reordering: int = 0
    reorder_delay: int = 5_000_000
    rate: int = 0
    mtu: int = _ANY_SIZE


@dataclass(slots=True)
class Wish:
    """The next `count` segments of a `kind` towards a host are lost or doubled."""

    towards: str
    kind: Kind
    count: int
    fate: str


@dataclass(slots=True)
class Side:
    """What the tap has seen of one side of a connection."""

    next: int | None = None
    window: int = 64240


@dataclass(slots=True)
class Link:
    """A path between a client's host and a server's, as one duplex wire."""

    world: World
    client: Receiver
    server: Receiver
    generator: Generator
    conditions: Conditions = field(default_factory=Conditions)
    hops: int = 0
    cut: set[str] = field(default_factory=set)
    wishes: list[Wish] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    seen: dict[tuple[str, str, int, int], Side] = field(default_factory=dict)
    dead_answers: set[tuple[str, str, int, int]] = field(default_factory=set)
    passages: dict[Ports, deque[Passage]] = field(default_factory=dict)
    """How segments fared that were measured; the others, by the conditions."""
    forged: deque[Passage] = field(default_factory=deque)
    latest: dict[Ports, int] = field(default_factory=dict)
    reports: dict[str, tuple[int, int]] = field(default_factory=dict)
    free: dict[str, int] = field(default_factory=dict)
    """When the way to a host is free for the next segment, at the link's rate."""

    def send(self, sender: Receiver, segment: Segment) -> None:
        """Take a segment from a host."""
        world = self.world
        now = world.now
        if not world.silent:
            world.timeline.append(Sent(now, sender.role, segment))
        towards = self.server if sender is self.client else self.client
        if self.passages:
            ports = segment.source.port, segment.destination.port
            if measured := self.passages.get(ports):
                passage = measured.popleft().moved_to(now)
                due = self._in_order(ports, passage.tapped)
                world.at(due, self._tap, towards, segment, passage)
                return
        c = self.conditions
        wait = c.delay // 2
        if c.jitter:
            wait += self.generator.below(c.jitter + 1)
        if c.reordering and self.generator.happens(c.reordering):
            wait += c.reorder_delay
        world.at(now + wait, self._tap, towards, segment)

    def _in_order(self, queue: Ports, due: int) -> int:
        """Return `due`, or later, so that nothing overtakes but by jitter."""
        if self.conditions.jitter:
            return due
        self.latest[queue] = due = max(due, self.latest.get(queue, 0))
        return due

    def heal(self) -> None:
        """Everything gets through again."""
        self.cut.clear()
        self.wishes.clear()
        self.boxes.clear()
        self.conditions.loss = 0
        self.conditions.mtu = _ANY_SIZE

    def send_datagram(self, sender: Receiver, datagram: Datagram) -> None:
        """Take a UDP datagram from a host; only delay, loss and cuts concern it."""
        towards = self.server if sender is self.client else self.client
        cut = self.cut and (towards.role in self.cut or "both" in self.cut)
        if not cut and not self.generator.happens(self.conditions.loss):
            arrival = self.world.now + self.conditions.delay
            self.world.at(arrival, towards.datagram_arrives, datagram)

    def forge(self, towards: Receiver, segment: Segment) -> None:
        """Send a segment from the tap, as if the other host had sent it."""
        now = self.world.now
        self.world.tell(Sent(now, "wire", segment, "forged"))
        passage = self.forged.popleft().moved_to(now) if self.forged else None
        self._onwards(towards, segment, passage)

    def side(self, segment: Segment) -> Side:
        """Return what was seen of this segment's sender on its connection."""
        return self.seen.setdefault(_ends(segment), Side())

    def _tap(
        self, towards: Receiver, segment: Segment, passage: Passage | None = None
    ) -> None:
        if self.hops and towards is self.client:
            # The router is on the server's side of the tap.
            if self._stopped(towards, segment):
                return
            segment = forwarded(segment, self.hops)
        watch(self.side(segment), segment)
        fate = self._fate(towards, segment, passage)
        world = self.world
        if not world.silent:
            world.timeline.append(Sent(world.now, "wire", segment, fate))
        if fate == "lost":
            return
        if not self.hops or towards is self.server:
            if self._stopped(towards, segment):
                return
            segment = forwarded(segment, self.hops) if self.hops else segment
        self._onwards(towards, segment, passage)
        if fate == "duplicated":
            self._onwards(towards, segment, passage)

    def _stopped(self, towards: Receiver, segment: Segment) -> bool:
        """Whether a box on the path refuses the segment."""
        for box in self.boxes:
            verdict = box.judge(towards.role, segment)
            if verdict is not None:
                self._refuse(towards, segment, verdict)
                return True
        return False

    def _onwards(
        self, towards: Receiver, segment: Segment, passage: Passage | None = None
    ) -> None:
        delay = self.conditions.delay
        due = self.world.now + delay - delay // 2
        if passage is not None:
            due = self._in_order((segment.destination.port, -1), passage.arrived)
        elif self.conditions.rate:
            due = max(due, self.free.get(towards.role, 0))
            octets = _HEADERS + len(segment.payload)
            self.free[towards.role] = due + octets * _SECOND // self.conditions.rate
        self.world.at(due, self._deliver, towards, segment)

    def _deliver(self, towards: Receiver, segment: Segment) -> None:
        if not self.world.silent and towards.powered:
            self.world.timeline.append(Sent(self.world.now, towards.role, segment))
        towards.arrives(segment)

    def report(self, reporter: Receiver, how: str, error: IcmpError) -> None:
        """Take an ICMP error from a host whose own firewall refused a segment."""
        now, half = self.world.now, self.conditions.delay // 2
        self.world.tell(reported(how, error, now, reporter.role, leaves=True))
        back = self.server if reporter is self.client else self.client
        self.world.at(now + half, self._report, how, error, back)

    def _report(
        self, how: str, error: IcmpError, back: Receiver, *, at_tap: bool = True
    ) -> None:
        now, half = self.world.now, self.conditions.delay // 2
        if at_tap:
            self.world.tell(reported(how, error, now, "wire", leaves=True))
        self.world.at(now + half, self._reported, how, error, back)

    def _reported(self, how: str, error: IcmpError, back: Receiver) -> None:
        now = self.world.now
        self.world.tell(reported(how, error, now, back.role, leaves=False))
        back.icmp_arrives(how, error.quoted)

    def _fate(
        self, towards: Receiver, segment: Segment, passage: Passage | None
    ) -> str:
        if self.cut and (towards.role in self.cut or "both" in self.cut):
            return "lost"
        if self.dead_answers and _ends(segment) in self.dead_answers:
            return "lost"
        if self.conditions.mtu < _ANY_SIZE and (
            len(encode_ip(segment)) > self.conditions.mtu
        ):
            return "lost"
        for wish in self.wishes:
            if (
                wish.count
                and wish.towards == towards.role
                and is_kind(segment, wish.kind)
            ):
                wish.count -= 1
                return wish.fate
        if passage is not None:
            return passage.chance
        if self.generator.happens(self.conditions.loss):
            return "lost"
        if self.generator.happens(self.conditions.duplication):
            return "duplicated"
        return ""

    def _refuse(self, towards: Receiver, segment: Segment, how: str) -> None:
        """A box answers for the host that the segment was meant for."""
        back = self.server if towards is self.client else self.client
        if how == "drop":
            return
        if how != "tcp-reset":
            if not self._may_report(back):
                return
            error = unreachable(how, segment, ROUTER, self.world.now)
            self._report(how, error, back, at_tap=not self.hops or back is self.client)
            return
        reset = reset_by_box(segment, self.world.now)
        if reset is None:
            return
        if not self.hops or back is self.client:
            fate = "" if self.hops else "forged"
            self.world.tell(Sent(self.world.now, "wire", reset, fate))
        self._onwards(back, reset)

    def _may_report(self, towards: Receiver) -> bool:
        """Whether a router may send another ICMP error to a host now.

        Six at once, and one a second (icmp_ratelimit; inetpeer.c:
        inet_peer_xrlim_allow); a firewall on a host itself is not limited.
        """
        now = self.world.now
        left, last = self.reports.get(towards.role, (_REPORTS * _SECOND, now))
        left = min(left + now - last, _REPORTS * _SECOND)
        allowed = left >= _SECOND
        self.reports[towards.role] = left - _SECOND * allowed, now
        return allowed


def _ends(segment: Segment) -> tuple[str, str, int, int]:
    source, destination = segment.source, segment.destination
    return source.host, destination.host, source.port, destination.port
