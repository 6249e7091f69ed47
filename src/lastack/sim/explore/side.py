"""One host as a finite automaton: what it does next depends on its state alone.

A state is a whole TCB with all times counted from now, so that what happened an
hour later is the same state. Each state is kept once and has a number; each step
is computed once, however often the search takes it.
"""

from collections import deque
from dataclasses import dataclass, replace
from typing import Any, Final

from lastack.sim.endpoint import CallError, Endpoint
from lastack.sim.flight import Flight
from lastack.sim.personality import MS, SECOND, AtDeath, Personality, WakeUp
from lastack.sim.rules import KILLED, Transition
from lastack.sim.tcb import Tcb
from lastack.tcp.segment import Address, Segment
from lastack.tcp.states import State

NOW: Final = 10**15
"""The present of every state; times before it stay positive."""
_FORGOTTEN: Final = SECOND
"""Older than this a moment no longer matters to delayed and challenge ACKs."""
_TEXT: Final = bytes(100)
_CLIENT: Final = Address("192.0.2.1", 40001)
SERVER_PORT: Final = 8080
_SERVER: Final = Address("192.0.2.129", SERVER_PORT)
_CLIENT_ISN: Final = 1_000_000_000
_SERVER_ISN: Final = 3_000_000_000

CALLS: Final = (
    "send",
    "receive",
    "shutdown",
    "close",
    "abort",
    "kill",
    "reboot",
    "vanish",
)
"""What a program or its host may do: `abort` is close() with SO_LINGER {1, 0}."""

_SINCE: Final = (
    "first_sent",
    "first_resent",
    "probe_started",
    "cork_until",
    "rack_sent",
)
_RECENT: Final = ("last_data_in", "last_challenge", "last_sent", "read_since")
_NOT_STATE: Final = frozenset(
    {"events", "ip_id", "local", "now", "outbox", "personality", "phase", "remote"}
)
_FIELDS: Final = tuple(name for name in Tcb.__slots__ if name not in _NOT_STATE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one side.

    `state` is where it stays, `rule` the last that moved it, `saw` what its
    calls gave (errors, and end of file), in order of first appearance.
    """

    state: State
    rule: str
    saw: tuple[str, ...]


@dataclass(slots=True)
class Side:
    """A host with one connection: its endpoint and its program.

    `held` says whether a descriptor is open, `powered` whether the host is on.
    """

    endpoint: Endpoint
    held: bool = True
    powered: bool = True
    rule: str = ""
    saw: tuple[str, ...] = ()

    def copy(self) -> "Side":
        """Return a copy that shares nothing that changes."""
        endpoint = Endpoint.__new__(Endpoint)
        endpoint.tcb = _copied(self.endpoint.tcb)
        return Side(endpoint, self.held, self.powered, self.rule, self.saw)

    # What happens ----------------------------------------------------------------

    def call(self, name: str, now: int) -> str:
        """Let the program, or fate, do `name`; return the result as in timelines."""
        endpoint = self.endpoint
        if name in {"reboot", "vanish"}:
            self.held = False
            self.powered = name == "reboot"
            endpoint.vanish(now)
            return "0"
        if not self.held:
            return "-EBADF"
        try:
            match name:
                case "send":
                    return str(endpoint.send(_TEXT, now))
                case "receive":
                    count = len(endpoint.receive(1 << 16, now))
                    if not count:
                        self.see("EOF")
                    return str(count)
                case "shutdown":
                    endpoint.shutdown(now)
                case _:
                    self.held = False
                    self.end(name, now)
        except CallError as error:
            if error.errno != "EAGAIN":
                self.see(error.errno)
            return f"-{error.errno}"
        return "0"

    def end(self, name: str, now: int) -> None:
        """Close, abort, or be killed."""
        endpoint = self.endpoint
        dies = endpoint.tcb.personality.at_death.value is AtDeath.ABORTS
        if name == "kill" and dies and endpoint.tcb.synchronized:
            endpoint.abort(now, rule=KILLED)
        else:
            endpoint.close(now, linger=0 if name == "abort" else None)

    def see(self, what: str) -> None:
        """Remember what the program was told."""
        if what not in self.saw:
            self.saw = (*self.saw, what)

    def take(self, segment: Segment, now: int) -> None:
        """Let a segment arrive, if the host is on."""
        if self.powered:
            self.endpoint.segment_arrives(segment, now)

    def sent(self, now: int) -> list[Segment]:
        """Return what it sends, and note which rules moved it."""
        while (event := self.endpoint.next_event()) is not None:
            if isinstance(event, Transition):
                self.rule = event.rule.name
        return self.endpoint.segments_to_send(now)

    @property
    def outcome(self) -> Outcome:
        """What became of it: what the next call would tell belongs to it."""
        tcb = self.endpoint.tcb
        saw = self.saw
        if self.held and tcb.error and tcb.error not in saw:
            saw = (*saw, tcb.error)
        elif self.held and tcb.done and "EOF" not in saw:
            saw = (*saw, "EOF")
        return Outcome(tcb.state, self.rule, saw)


def established(
    client: Personality, server: Personality
) -> tuple[tuple[Side, Side], list[Segment]]:
    """Return both sides just after the handshake, at time NOW, and its segments."""
    a = Endpoint(_exact(client), _CLIENT, _SERVER, iss=_CLIENT_ISN)
    b = Endpoint(_exact(server), _SERVER, _CLIENT, iss=_SERVER_ISN)
    a.open_active(NOW)
    b.open_passive(NOW)
    ends = [(a, b), (b, a)]
    handshake = []
    for turn in range(3):
        sender, receiver = ends[turn % 2]
        for segment in sender.segments_to_send(NOW):
            handshake.append(segment)
            receiver.segment_arrives(segment, NOW)
    sides = Side(a), Side(b)
    for side in sides:
        side.sent(NOW)
        side.rule = ""
    return sides, handshake


def _exact(personality: Personality) -> Personality:
    """Return the system with timers to the millisecond and without timestamps."""
    return personality.with_settings(wake_up=WakeUp.TICK, tick=MS, timestamps=False)


class Automaton:
    """The states of one side that were reached, by number."""

    def __init__(self, start: Side) -> None:
        self.sides: list[Side] = []
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._steps: dict[tuple[int, object], tuple[int, tuple[Segment, ...]]] = {}
        self.deadlines: list[int] = []
        self.start = self._number(start)

    def after(self, state: int, what: object) -> tuple[int, tuple[Segment, ...]]:
        """Return the state after `what`, and the segments that it sends.

        `what` is a call's name, a segment that arrives, or how many nanoseconds
        pass (timers fire that are then due).
        """
        step = self._steps.get((state, what))
        if step is not None:
            return step
        side = self.sides[state].copy()
        delta = 0
        if isinstance(what, str):
            side.call(what, NOW)
        elif isinstance(what, Segment):
            side.take(what, NOW)
        else:
            assert isinstance(what, int)
            delta = what
            side.endpoint.handle_timer(NOW + delta)
        sent = tuple(
            replace(segment, time=0, ip_id=0) for segment in side.sent(NOW + delta)
        )
        _count_from_now(side.endpoint.tcb, delta)
        step = self._number(side), sent
        self._steps[state, what] = step
        return step

    def _number(self, side: Side) -> int:
        tcb = side.endpoint.tcb
        _count_from_now(tcb, 0)
        key = (side.held, side.powered, side.rule, side.saw, *_frozen(tcb))
        number = self._numbers.get(key)
        if number is None:
            number = len(self.sides)
            self._numbers[key] = number
            self.sides.append(side)
            due = side.endpoint.get_timer()
            self.deadlines.append(-1 if due is None else max(due - NOW, 0))
        return number


def _copied(tcb: Tcb) -> Tcb:
    copy = Tcb.__new__(Tcb)
    for name in Tcb.__slots__:
        value = getattr(tcb, name)
        if name == "flight":
            value = deque(_copied_flight(entry) for entry in value)
        elif isinstance(value, bytearray | deque | list | dict | set):
            value = value.copy()
        setattr(copy, name, value)
    return copy


def _copied_flight(entry: Flight) -> Flight:
    copy = Flight.__new__(Flight)
    for name in Flight.__slots__:
        setattr(copy, name, getattr(entry, name))
    return copy


def _count_from_now(tcb: Tcb, delta: int) -> None:
    """Let `delta` pass by moving every moment into the past; what is old is equal."""
    for timer in tcb.deadlines:
        tcb.deadlines[timer] -= delta
    for name in _SINCE:
        moment = getattr(tcb, name)
        if moment > 0:
            setattr(tcb, name, moment - delta)
    forgotten = NOW - _FORGOTTEN
    for name in _RECENT:
        moment = getattr(tcb, name)
        setattr(tcb, name, max(moment - delta, forgotten))
    if not tcb.personality.challenge_interval.value:
        tcb.last_challenge = forgotten  # nobody asks for it
    if tcb.keepalive or tcb.personality.persist_idle.value:
        tcb.last_heard -= delta
    else:
        tcb.last_heard = NOW
    for entry in tcb.flight:
        entry.sent -= delta


def _frozen(tcb: Tcb) -> list[object]:
    values: list[object] = []
    for name in _FIELDS:
        value = getattr(tcb, name)
        if name == "flight":
            value = tuple(
                tuple(getattr(entry, it) for it in Flight.__slots__) for entry in value
            )
        elif isinstance(value, bytearray):
            value = bytes(value)
        elif isinstance(value, dict):
            value = tuple(sorted(value.items()))
        elif isinstance(value, deque | list):
            value = tuple(value)
        values.append(value)
    return values
