"""Does the simulator predict this kernel? A scenario played on both.

The simulator is given the circumstances of the run that was measured: when each
step began, how long each segment was on its way, where the kernel's ticks are.
What it makes of them is compared with what the kernel made.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lastack.lab.aspects import Differences, compare, sender
from lastack.lab.laboratory import Laboratory
from lastack.lab.run import Run
from lastack.lab.ticks import Ticks
from lastack.sim.circumstances import Circumstances, Passage, Ports
from lastack.sim.personalities import load
from lastack.sim.personality import Personality
from lastack.sim.run import play
from lastack.tcp.events import Sent, TimelineEvent
from lastack.tcp.scenario import (
    Close,
    Connect,
    Exit,
    Kill,
    Scenario,
    Send,
    Shutdown,
    Step,
)
from lastack.tcp.segment import Segment

_NANOSECONDS: Final = 1_000_000_000
# Round trips are multiples of a tick, and timeouts are rounded up to one: where
# few microseconds decide on 4 ms, that they decide otherwise tells nothing.
_BETWEEN_TICKS: Final = 0.001
_TRIES: Final = 4
_LATE: Final = 2_000_000
_ON_ITS_WAY: Final = 10_000
"""From the call to the interface."""
# Segments come 2 ms apart: whoever waits for the first gets a processor in time.
_RATE: Final = 750_000


def linux_here(ticks: Ticks | None) -> Personality:
    """Return the simulated Linux with this kernel's length of a tick."""
    linux = load("linux")
    return linux if ticks is None else linux.with_settings(tick=ticks.length)


async def predict(
    lab: Laboratory, scenario: Scenario, personality: Personality, ticks: Ticks | None
) -> Differences:
    """Play a scenario on both, and return where they differ.

    A machine that is busy may be late by a tick, and spoil one playing; so a
    difference is one that stays, of `_TRIES` playings the smallest.
    """
    wire = scenario.wire
    if not wire.routed:
        wire = replace(wire, delay=wire.delay + _BETWEEN_TICKS, rate=_RATE)
    twin = replace(scenario, wire=wire)
    least: Differences | None = None
    for _ in range(_TRIES):
        steps = scenario.steps()
        run = await lab.play(scenario, [steps], wire=wire, watch=True)
        given = circumstances(run, steps, ticks)
        virtual = play(twin, steps, client=personality, circumstances=given)
        found = compare(run.events, virtual.events)
        if least is None or _count(found) < _count(least):
            least = found
        if not _count(found):
            break
    assert least is not None
    return least


def _count(differences: Differences) -> int:
    return sum(len(those) for those in differences.values())


def circumstances(
    run: Run, steps: Sequence[Step], ticks: Ticks | None
) -> Circumstances:
    """Return what the simulator is given of a run; unknown ticks begin with it."""
    start = run.moments[0][0]
    return Circumstances(
        0 if ticks is None else ticks.phase(start),
        [moment - start for moment in _moments(run, steps)],
        passages(run),
        _forged(run),
    )


def _moments(run: Run, steps: Sequence[Step]) -> list[int]:
    """Return when each step began: a call that sends, when it came to the kernel.

    A program has to get to its call, and to die; its first segment tells when it
    did.
    """
    moments = list(run.moments[0])
    sent: dict[str, list[int]] = {"client": [], "server": []}
    for where, identified in _sent(run).items():
        sent[where] = [event.time for event in identified]
    for number, step in enumerate(steps[: len(moments) - 1]):
        if isinstance(step, Connect | Send | Shutdown | Close | Kill | Exit):
            began = moments[number]
            times = sent[step.program.host]
            at = bisect_left(times, began)
            if at < len(times) and times[at] < min(began + _LATE, moments[number + 1]):
                moments[number] = times[at] - _ON_ITS_WAY
    # A call in the background may have waited for another; the steps went on.
    for number in range(len(moments) - 2, -1, -1):
        moments[number] = min(moments[number], moments[number + 1])
    return moments


def passages(run: Run) -> dict[Ports, list[Passage]]:
    """Return how each segment fared, in the order of each sender's."""
    start = run.moments[0][0]
    at_tap = _by_identity(run.events, "wire")
    arrived = {host: _by_identity(run.events, host) for host in ("client", "server")}
    usual = round(run.wire.delay * _NANOSECONDS) // 2
    by_chance = run.wire.loss > 0 or run.wire.duplication > 0
    found: dict[Ports, list[Passage]] = defaultdict(list)
    for where, events in _sent(run).items():
        towards = "server" if where == "client" else "client"
        for event in events:
            segment = event.segment
            key = _identity(segment)
            while (tap := at_tap[key].popleft()).time < event.time:
                pass
            ports = segment.source.port, segment.destination.port
            there = arrived[towards][key]
            while there and there[0].time < tap.time:
                there.popleft()
            end = there[0].time if there and tap.fate != "lost" else tap.time + usual
            chance = tap.fate if by_chance else ""
            found[ports].append(
                Passage(event.time - start, tap.time - start, end - start, chance)
            )
    return found


def _forged(run: Run) -> list[Passage]:
    """Return how what was forged at the tap fared, in order."""
    start = run.moments[0][0]
    arrived = {host: _by_identity(run.events, host) for host in ("client", "server")}
    usual = round(run.wire.delay * _NANOSECONDS) // 2
    found = []
    for event in run.events:
        if isinstance(event, Sent) and event.fate == "forged":
            at = event.time - start
            towards = "client" if sender(event.segment) == "server" else "server"
            there = arrived[towards][_identity(event.segment)]
            end = there.popleft().time - start if there else at + usual
            found.append(Passage(at, at, end))
    return found


def _sent(run: Run) -> dict[str, list[Sent]]:
    """Return what each host sent and the tap saw later, in order."""
    at_tap = _by_identity(run.events, "wire")
    found: dict[str, list[Sent]] = {"client": [], "server": []}
    for event in run.events:
        if isinstance(event, Sent) and event.where == sender(event.segment):
            seen = at_tap[_identity(event.segment)]
            while seen and seen[0].time < event.time:
                seen.popleft()  # forged, or not seen to be sent
            if seen:
                seen.popleft()
                found[event.where].append(event)
    return found


def _by_identity(
    events: Sequence[TimelineEvent], where: str
) -> dict[object, deque[Sent]]:
    seen: dict[object, deque[Sent]] = defaultdict(deque)
    for event in events:
        if isinstance(event, Sent) and event.where == where:
            seen[_identity(event.segment)].append(event)
    return seen


def _identity(segment: Segment) -> object:
    """What of a segment is the same everywhere on its way."""
    s = segment
    numbers = (s.flags, s.seq, s.ack, s.window, len(s.payload), s.ip_id)
    return s.source, s.destination, numbers, s.options
