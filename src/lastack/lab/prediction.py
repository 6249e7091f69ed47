"""Does the simulator predict this kernel? A scenario played on both.

The simulator is given the circumstances of the run that was measured: when each
step began, how long each segment was on its way, where the kernel's ticks are.
What it makes of them is compared with what the kernel made.
"""

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lastack.lab.aspects import Differences, compare
from lastack.lab.laboratory import Laboratory
from lastack.lab.run import Run
from lastack.lab.ticks import Ticks
from lastack.sim.circumstances import Circumstances, Passage, Ports
from lastack.sim.personality import Personality
from lastack.sim.run import play
from lastack.tcp.events import Sent, TimelineEvent
from lastack.tcp.scenario import Scenario
from lastack.tcp.segment import Segment

_NANOSECONDS: Final = 1_000_000_000
# Round trips are multiples of a tick, and timeouts are rounded up to one: where
# few microseconds decide on 4 ms, that they decide otherwise tells nothing.
_BETWEEN_TICKS: Final = 0.001
# Segments come 2 ms apart: whoever waits for the first gets a processor in time.
_RATE: Final = 750_000


async def predict(
    lab: Laboratory, scenario: Scenario, personality: Personality, ticks: Ticks | None
) -> Differences:
    """Play a scenario on both, and return where they differ."""
    wire = scenario.wire
    if not wire.routed:
        wire = replace(wire, delay=wire.delay + _BETWEEN_TICKS, rate=_RATE)
    run = await lab.play(scenario, [scenario.steps()], wire=wire, watch=True)
    virtual = play(
        replace(scenario, wire=wire),
        scenario.steps(),
        client=personality,
        circumstances=circumstances(run, ticks),
    )
    return compare(run.events, virtual.events)


def circumstances(run: Run, ticks: Ticks | None) -> Circumstances:
    """Return what the simulator is given of a run; unknown ticks begin with it."""
    moments = run.moments[0]
    start = moments[0]
    return Circumstances(
        0 if ticks is None else ticks.phase(start),
        [moment - start for moment in moments],
        passages(run),
    )


def passages(run: Run) -> dict[Ports, list[Passage]]:
    """Return how each segment fared, in the order of each sender's."""
    start = run.moments[0][0]
    at_tap = _by_identity(run.events, "wire")
    arrived = {host: _by_identity(run.events, host) for host in ("client", "server")}
    usual = round(run.wire.delay * _NANOSECONDS) // 2
    by_chance = run.wire.loss > 0 or run.wire.duplication > 0
    found: dict[Ports, list[Passage]] = defaultdict(list)
    for event in run.events:
        if not isinstance(event, Sent) or event.where == "wire":
            continue
        segment = event.segment
        key = _identity(segment)
        if not at_tap[key] or at_tap[key][0].time < event.time:
            continue  # it arrived here, and was sent by the other host
        tap = at_tap[key].popleft()
        towards = "server" if event.where == "client" else "client"
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
