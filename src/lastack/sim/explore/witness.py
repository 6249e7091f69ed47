"""A path of the search played again, as the timeline that anyone can read.

Each step is shown 5 ms after the one before, so that a segment arrives later
than it was sent; timers are as long as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lastack.sim.explore.search import Move, Step
from lastack.sim.explore.side import NOW, SERVER_PORT, Side, established
from lastack.sim.personality import MS, SECOND, Personality
from lastack.sim.socket_table import socket_state
from lastack.tcp.events import Call, Sent, TimelineEvent
from lastack.tcp.flags import flags_text
from lastack.tcp.segment import Segment
from lastack.tcp.states import State

NAMES: Final = ("client", "server")
_APART: Final = 5 * MS
_HANDSHAKE: Final = 3
_FATES: Final = {
    Move.LOSE: "lost",
    Move.DUPLICATE: "duplicated",
    Move.DELAY: "delayed",
}


@dataclass(slots=True)
class Witness:
    """What happened on a path: `events` in order of time, and both final sides."""

    events: list[TimelineEvent] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    states: tuple[State, State] = (State.CLOSED, State.CLOSED)


def witness(
    client: Personality,
    server: Personality,
    calls: tuple[Sequence[str], Sequence[str]],
    path: Sequence[Step],
) -> Witness:
    """Play `path` again, which `explore` found with the same systems and calls."""
    return _Replay(client, server, calls).play(path)


def told_shortly(events: Sequence[TimelineEvent]) -> str:
    """Return a witness in a line: calls, and each segment as its sender's arrow.

    `client close, > F., < ., 60 s, server close, < F., lost < F., ...`: `>` goes to
    the server. The handshake is left out, and waits of less than a second.
    """
    words: list[str] = []
    last = 0
    for event in events:
        if isinstance(event, Sent) and event.where != "wire":
            continue
        if event.time - last >= SECOND and len(words) >= _HANDSHAKE:
            words.append(f"{round((event.time - last) / SECOND)} s")
        last = event.time
        if isinstance(event, Call):
            if event.result == "-EBADF":
                continue  # what is closed or dead does nothing more
            words.append(f"{event.host} {event.name}")
        elif isinstance(event, Sent):
            segment = event.segment
            way = ">" if segment.source.port != SERVER_PORT else "<"
            size = f" {len(segment.payload)}" if segment.payload else ""
            fate = f"{event.fate} " if event.fate else ""
            words.append(f"{fate}{way} {flags_text(segment.flags)}{size}")
    return ", ".join(words[_HANDSHAKE:])


class _Replay:
    def __init__(
        self,
        client: Personality,
        server: Personality,
        calls: tuple[Sequence[str], Sequence[str]],
    ) -> None:
        self.told = Witness()
        self.clock = 0
        self.now = NOW
        self.calls = [*calls[0], *calls[1]]
        self.sides, handshake = established(client, server)
        for turn, segment in enumerate(handshake):
            self.emit(turn % 2, segment)
            self.clock += _APART
            self.arrive(1 - turn % 2, segment)
        self.lines: tuple[list[Segment], list[Segment]] = ([], [])
        self.late: list[tuple[int, Segment]] = []

    def play(self, path: Sequence[Step]) -> Witness:
        """Take every step."""
        for step in path:
            self.clock += step.detail if step.move is Move.TIME else _APART
            before = [side.endpoint.state for side in self.sides]
            self.take(step)
            for number, side in enumerate(self.sides):
                if side.endpoint.state is not before[number]:
                    tcb = side.endpoint.tcb
                    moved = socket_state(NAMES[number], tcb, tcb.state)
                    self.told.events.append(replace(moved, time=self.clock))
        self.told.states = (
            self.sides[0].endpoint.state,
            self.sides[1].endpoint.state,
        )
        return self.told

    def take(self, step: Step) -> None:
        """Take one step."""
        side = self.sides[step.side]
        if step.move is Move.CALL:
            name = self.calls[step.detail]
            result = side.call(name, self.now)
            host = NAMES[step.side]
            self.told.events.append(Call(self.clock, host, host, name, "a", result))
            self.flush(step.side)
        elif step.move is Move.TIME:
            self.now += step.detail
            for number in (0, 1):
                self.sides[number].endpoint.handle_timer(self.now)
                self.flush(number)
        elif step.move is Move.ARRIVE_LATE:
            _, segment = self.late.pop(step.detail)
            self.deliver(step.side, side, segment)
        else:
            segment = self.lines[step.side].pop(0)
            if step.move in _FATES:
                fate = _FATES[step.move]
                self.told.events.append(Sent(self.clock, "wire", segment, fate))
            if step.move in (Move.DUPLICATE, Move.DELAY):
                self.late.append((step.side, segment))
                self.late.sort(key=_order)
            if step.move in (Move.DUPLICATE, Move.DELIVER):
                self.deliver(step.side, side, segment)

    def deliver(self, number: int, side: Side, segment: Segment) -> None:
        """Let a segment arrive."""
        self.arrive(number, segment)
        side.take(segment, self.now)
        self.flush(number)

    def arrive(self, number: int, segment: Segment) -> None:
        """Tell that it arrived."""
        self.told.events.append(Sent(self.clock, NAMES[number], segment))

    def flush(self, number: int) -> None:
        """Put what a side sends under way."""
        for segment in self.sides[number].sent(self.now):
            self.emit(number, segment)
            self.lines[1 - number].append(segment)

    def emit(self, number: int, segment: Segment) -> None:
        """Tell that it was sent."""
        shown = replace(segment, time=self.clock)
        self.told.segments.append(shown)
        self.told.events.append(Sent(self.clock, NAMES[number], shown))
        self.told.events.append(Sent(self.clock, "wire", shown))


def _order(late: tuple[int, Segment]) -> str:
    """Order late segments as the search does, which knows no time and no IP ID."""
    side, segment = late
    return repr((side, replace(segment, time=0, ip_id=0)))
