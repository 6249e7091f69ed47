"""Walks every state that two hosts and a faulty network can reach.

States are visited with fewest faults first, then fewest steps, so the first path
to an ending is its shortest witness. A state that was reached with no more
faults before is not visited again: whatever can follow has been seen.
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from lastack.sim.explore.side import Automaton, Outcome, established
from lastack.sim.personality import SECOND, Personality
from lastack.tcp.segment import Segment
from lastack.tcp.states import State

LATEST: Final = 30 * SECOND
"""A segment may be overtaken by shorter timers only: MSL, half of TIME_WAIT."""
_TOLD_EVERY: Final = 20_000


class Move(IntEnum):
    """What can happen in a step."""

    CALL = 0
    DELIVER = 1
    LOSE = 2
    DUPLICATE = 3
    DELAY = 4
    ARRIVE_LATE = 5
    TIME = 6


FAULTS: Final = {
    "lose": Move.LOSE,
    "duplicate": Move.DUPLICATE,
    "reorder": Move.DELAY,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: `move` at side 0 (the client) or 1.

    `detail` is the number of a call, or of a late segment; for TIME how many
    nanoseconds pass.
    """

    move: Move
    side: int = 0
    detail: int = 0


class Fate(Enum):
    """Whether it is over."""

    CLOSED = "both sides are closed"
    HANGS = "no timer runs, and a side is not closed: for ever"
    GOES_ON = "timers and answers repeat for ever"


@dataclass(frozen=True, slots=True)
class Ending:
    """A way to end: what became of both sides, and the shortest path to it."""

    client: Outcome
    server: Outcome
    fate: Fate
    faults: int
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Explored:
    """What was found; `whole` unless the limit of states came first.

    `states` counts those of the whole, `sides` those of each host alone.
    """

    endings: list[Ending]
    states: int
    sides: tuple[int, int]
    whole: bool


def explore(
    client: Personality,
    server: Personality,
    calls: tuple[Sequence[str], Sequence[str]],
    *,
    faults: int = 2,
    kinds: Sequence[str] = tuple(FAULTS),
    most: int = 2_000_000,
    told: Callable[[int, int], None] | None = None,
) -> Explored:
    """Explore every order of `calls` (the client's, the server's).

    At most `faults` of the `kinds` befall the network. `most` bounds the states.
    `told` is called now and then with how many states and endings there are.
    """
    search = _Search(client, server, calls, [FAULTS[kind] for kind in kinds])
    return search.run(faults, most, told)


# A state of the whole: client, server, segments under way to each, late ones,
# and which calls are still to come, one bit each.
_State = tuple[int, int, int, int, int, int]
# A state that a step leads to, and the number of the state before.
_Visit = tuple[_State, int, Step]


class _Search:
    def __init__(
        self,
        client: Personality,
        server: Personality,
        calls: tuple[Sequence[str], Sequence[str]],
        kinds: list[Move],
    ) -> None:
        sides, _ = established(client, server)
        self.hosts = tuple(Automaton(side) for side in sides)
        self.calls = [(0, name) for name in calls[0]] + [(1, name) for name in calls[1]]
        self.kinds = kinds
        self.numbers: dict[_State, int] = {}
        self.parents = array("l")
        self.steps: list[Step] = []
        self.endings: dict[tuple[Outcome, Outcome], Ending] = {}
        self.transient: set[_State] = set()
        self.lines: list[tuple[Segment, ...]] = [()]
        self._line_numbers: dict[tuple[Segment, ...], int] = {(): 0}
        self.late: list[tuple[tuple[int, Segment], ...]] = [()]
        self._late_numbers: dict[tuple[tuple[int, Segment], ...], int] = {(): 0}

    def run(
        self, faults: int, most: int, told: Callable[[int, int], None] | None
    ) -> Explored:
        """Visit the states, fewest faults first, then fewest steps."""
        start = (
            self.hosts[0].start,
            self.hosts[1].start,
            0,
            0,
            0,
            (1 << len(self.calls)) - 1,
        )
        self.numbers[start] = 0
        level: dict[int, list[_Visit]] = {0: [(start, -1, Step(Move.TIME))]}
        whole = True
        for used in range(faults + 1):
            harmed: dict[int, list[_Visit]] = {}
            while level:
                depth = min(level)
                for visit in level.pop(depth):
                    number = self.enter(visit)
                    if number < 0:
                        continue
                    if number >= most:
                        whole = False
                        continue
                    if told is not None and number % _TOLD_EVERY == 0:
                        told(number, len(self.endings))
                    harmless, harmful = self.successors(visit[0])
                    if not harmless:
                        self.end(visit[0], used, number, live=False)
                    elif self.goes_on(visit[0], harmless):
                        self.end(visit[0], used, number, live=True)
                    level.setdefault(depth + 1, []).extend(
                        (after, number, step) for step, after in harmless
                    )
                    if used < faults:
                        harmed.setdefault(depth + 1, []).extend(
                            (after, number, step) for step, after in harmful
                        )
                if not level.get(depth + 1, True):
                    del level[depth + 1]
                if not whole:
                    break
            level = harmed
        found = sorted(self.endings.values(), key=lambda it: (it.faults, len(it.path)))
        sizes = len(self.hosts[0].sides), len(self.hosts[1].sides)
        return Explored(found, min(len(self.steps), most), sizes, whole)

    def enter(self, visit: _Visit) -> int:
        """Return the number of a state that is new, else -1."""
        state, parent, step = visit
        if parent >= 0 and state in self.numbers:
            return -1
        number = len(self.steps)
        self.numbers[state] = number
        self.parents.append(parent)
        self.steps.append(step)
        return number

    def end(self, state: _State, faults: int, number: int, *, live: bool) -> None:
        """Note an ending, if it is new."""
        client = self.hosts[0].sides[state[0]].outcome
        server = self.hosts[1].sides[state[1]].outcome
        if (client, server) in self.endings:
            return
        path = []
        while number > 0:
            path.append(self.steps[number])
            number = self.parents[number]
        closed = client.state is server.state is State.CLOSED
        fate = Fate.GOES_ON if live else Fate.CLOSED if closed else Fate.HANGS
        self.endings[client, server] = Ending(
            client, server, fate, faults, tuple(reversed(path))
        )

    def goes_on(self, state: _State, harmless: list[tuple[Step, _State]]) -> bool:
        """Whether nothing but time is left, and time comes back to this state."""
        after = harmless[0][1]
        if state[4] or state[5] or after not in self.numbers:
            return False
        seen = {state}
        while after not in seen and after not in self.transient:
            seen.add(after)
            following, _ = self.successors(after)
            if not following:
                break
            after = following[0][1]
        if after == state:
            return True
        self.transient |= seen
        return False

    def successors(
        self, state: _State
    ) -> tuple[list[tuple[Step, _State]], list[tuple[Step, _State]]]:
        """Return what can follow: without a fault, and with one."""
        client, server, *_, late, calls = state
        harmless: list[tuple[Step, _State]] = []
        harmful: list[tuple[Step, _State]] = []
        for bit, (side, name) in enumerate(self.calls):
            if calls & (1 << bit):
                rest = (*state[:5], calls ^ (1 << bit))
                after = self.act(rest, side, name)
                harmless.append((Step(Move.CALL, side, bit), after))
        for side in (0, 1):
            line = self.lines[state[2 + side]]
            if line:
                self.deliver(state, side, line, harmless, harmful)
        for index, (side, segment) in enumerate(self.late[late]):
            others = self.late[late][:index] + self.late[late][index + 1 :]
            rest = (*state[:4], self.late_number(others), calls)
            after = self.act(rest, side, segment)
            harmless.append((Step(Move.ARRIVE_LATE, side, index), after))
        if not state[2] and not state[3]:
            due = [
                it
                for it in (
                    self.hosts[0].deadlines[client],
                    self.hosts[1].deadlines[server],
                )
                if it >= 0
            ]
            if due and (not late or min(due) < LATEST):
                delta = min(due)
                harmless.append(
                    (Step(Move.TIME, 0, delta), self.pass_time(state, delta))
                )
        return harmless, harmful

    def deliver(
        self,
        state: _State,
        side: int,
        line: tuple[Segment, ...],
        harmless: list[tuple[Step, _State]],
        harmful: list[tuple[Step, _State]],
    ) -> None:
        """Let the first segment under way to `side` arrive, or meet with a fault."""
        client, server, to_client, to_server, late, calls = state
        segment = line[0]
        if side == 0:
            to_client = self.line_number(line[1:])
        else:
            to_server = self.line_number(line[1:])
        gone = client, server, to_client, to_server, late, calls
        arrived = self.act(gone, side, segment)
        harmless.append((Step(Move.DELIVER, side), arrived))
        for kind in self.kinds:
            after = arrived if kind is Move.DUPLICATE else gone
            if kind is not Move.LOSE:
                kept = self.late_number((*self.late[late], (side, segment)))
                after = (*after[:4], kept, calls)
            harmful.append((Step(kind, side), after))

    def act(self, state: _State, side: int, what: object) -> _State:
        """Return the state after something happened at one side."""
        number, sent = self.hosts[side].after(state[side], what)
        hosts = [state[0], state[1]]
        hosts[side] = number
        lines = [state[2], state[3]]
        if sent:
            other = 1 - side
            lines[other] = self.line_number((*self.lines[lines[other]], *sent))
        return hosts[0], hosts[1], lines[0], lines[1], state[4], state[5]

    def pass_time(self, state: _State, delta: int) -> _State:
        """Return the state after `delta` nanoseconds, when the first timer fires."""
        client, to_server = self.hosts[0].after(state[0], delta)
        server, to_client = self.hosts[1].after(state[1], delta)
        return (
            client,
            server,
            self.line_number(to_client),
            self.line_number(to_server),
            *state[4:],
        )

    def line_number(self, line: tuple[Segment, ...]) -> int:
        """Return the number of a queue of segments."""
        number = self._line_numbers.get(line)
        if number is None:
            number = self._line_numbers[line] = len(self.lines)
            self.lines.append(line)
        return number

    def late_number(self, late: tuple[tuple[int, Segment], ...]) -> int:
        """Return the number of a bag of late segments; their order means nothing."""
        late = tuple(sorted(late, key=repr)) if len(late) > 1 else late
        number = self._late_numbers.get(late)
        if number is None:
            number = self._late_numbers[late] = len(self.late)
            self.late.append(late)
        return number
