"""A timeline's events in the order in which they are told.

A call that lasted is told twice, where it began and where it ended, as strace
does. Two events may have the same time in a simulation; then what caused the
other comes first: a call is resumed behind what happened to its host at that
instant, and before its program's next call.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lastack.tcp.events import (
    Call,
    Datagram,
    Happening,
    KernelReason,
    Sent,
    TimelineEvent,
)

_LASTED: Final = 1_000_000
"""From 1 ms on a call is told where it began and where it ended."""
ENDS: Final = {"kill", "exit_group"}
"""Calls that end a program; how long that took is of no interest."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The beginning of a call that lasted."""

    call: Call


@dataclass(frozen=True, slots=True)
class Resumed:
    """Its end."""

    call: Call


What = TimelineEvent | Begun | Resumed


def moments(events: Iterable[TimelineEvent]) -> list[tuple[int, What]]:
    """Return what is told and its time in nanoseconds, in the order to tell it."""
    told: list[tuple[int, What]] = []
    lasted: list[Call] = []
    for event in events:
        if (
            isinstance(event, Call)
            and event.duration >= _LASTED
            and event.name not in ENDS
        ):
            told.append((event.time, Begun(event)))
            lasted.append(event)
        else:
            told.append((event.time, event))
    told.sort(key=lambda it: it[0])
    times = [time for time, _ in told]
    resumed: defaultdict[int, list[tuple[int, What]]] = defaultdict(list)
    for call in sorted(lasted, key=_end):
        end = _end(call)
        first, last = bisect_left(times, end), bisect_right(times, end)
        instant = [what for _, what in told[first:last]]
        resumed[first + _woken(call, instant)].append((end, Resumed(call)))
    ordered: list[tuple[int, What]] = []
    for place in range(len(told) + 1):
        ordered += resumed[place]
        ordered += told[place : place + 1]
    return ordered


def _end(call: Call) -> int:
    return call.time + call.duration


def _woken(call: Call, instant: Iterable[What]) -> int:
    """Return how many of an instant's events come before the end of `call`."""
    count = 0
    for number, what in enumerate(instant, 1):
        if _follows(call, what):
            break
        if _host(what) == call.host:
            count = number
    return count


def _follows(call: Call, what: What) -> bool:
    """Whether that is the program's next call, or the counters at the very end."""
    if isinstance(what, KernelReason):
        return what.kind == "counter"
    one = what.call if isinstance(what, Begun | Resumed) else what
    return (
        isinstance(one, Call) and one.host == call.host and one.process == call.process
    )


def _host(what: What) -> str:
    one = what.call if isinstance(what, Begun | Resumed) else what
    return one.where if isinstance(one, Sent | Datagram | Happening) else one.host
