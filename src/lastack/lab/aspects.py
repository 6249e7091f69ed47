"""What of two runs of a scenario is compared, and where they differ.

Segments at the wire, each sender's in its own order: flags, relative numbers,
lengths, which options, window zero, IP ID zero, TTL, fate. What calls returned,
and how long they took. The states in which sockets were seen. And the time from
a sender's segment to its next, which a timer decides where nothing else does.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import Final

from lastack.tcp.events import Call, Sent, SocketState, TimelineEvent
from lastack.tcp.flags import ACK, RST, SYN, flags_text
from lastack.tcp.scenario import UNFINISHED
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import distance

ASPECTS: Final = ("segments", "calls", "states", "timers")
_SLACK_NS: Final = 5_000_000
_SLACK_SHARE: Final = 100
_WAITED_NS: Final = 100_000_000
"""A call that takes less may have waited for a processor only."""
_SERVER_HOSTS: Final = (".130", ".129")

Told = dict[str, list[str]]
"""What was seen, one line each, by whom."""

Differences = dict[str, list[str]]
"""Of each aspect, what the first run has and the second has instead."""


def compare(
    kernel: Sequence[TimelineEvent], sim: Sequence[TimelineEvent]
) -> Differences:
    """Return for each of ASPECTS where the two runs differ."""
    had = states(sim)
    # ss looks at moments, and so misses states; what it saw, must have been.
    missed = [
        f"{host}: {state} | sim: never"
        for host, those in states(kernel).items()
        for state in those
        if state not in had.get(host, [])
    ]
    return {
        "segments": _differences(segments(kernel), segments(sim)),
        "calls": _differences(calls(kernel), calls(sim)),
        "states": missed,
        "timers": [
            *_late(waits(kernel), waits(sim)),
            *_late(durations(kernel), durations(sim)),
        ],
    }


def segments(events: Sequence[TimelineEvent]) -> Told:
    """Return each sender's segments at the wire, in its own order."""
    told: Told = defaultdict(list)
    origins: dict[str, list[int]] = defaultdict(list)
    for who, event in _sent(events, "wire"):
        s = event.segment
        known = origins[who]
        if s.seq not in known and (s.flags & SYN or not (known or s.flags & RST)):
            known.append(s.seq)
        seq = _relative(s.seq, known)
        ack = _relative(s.ack, origins[_peer(who)])
        o = s.options
        kinds = (o.mss, o.window_scale, o.sack_permitted or None, o.timestamp)
        given = "".join(
            letter
            for letter, value in zip("mwst", kinds, strict=True)
            if value is not None
        )
        told[who].append(
            f"{flags_text(s.flags)} {seq}:{seq + len(s.payload)}"
            f" ack {ack if s.flags & ACK else 0} <{given}{'S' if o.sack else ''}>"
            f"{' win 0' if not s.window else ''}{' id 0' if not s.ip_id else ''}"
            f" ttl {s.ttl} {event.fate}"
        )
    return told


def calls(events: Sequence[TimelineEvent]) -> Told:
    """Return what each program's calls returned."""
    told: Told = defaultdict(list)
    for event in events:
        if isinstance(event, Call):
            result = event.result
            # Which number a descriptor or a process has, is its host's affair.
            if event.name in ("accept", "fork") and result.isdecimal():
                result = "a number"
            told[event.process].append(f"{event.name} = {result}")
    return told


def states(events: Sequence[TimelineEvent]) -> Told:
    """Return the states which each host's sockets were seen in."""
    seen: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if isinstance(event, SocketState):
            seen[event.host].add(event.state)
    return {host: sorted(those) for host, those in seen.items()}


def waits(events: Sequence[TimelineEvent]) -> dict[str, list[int]]:
    """Return the time from each sender's segment to its next, in ns."""
    times: dict[str, list[int]] = defaultdict(list)
    for where in ("client", "server"):
        for who, event in _sent(events, where):
            if who.endswith(where):
                times[who].append(event.time)
    return {
        who: [after - before for before, after in pairwise(those)]
        for who, those in times.items()
    }


def durations(events: Sequence[TimelineEvent]) -> dict[str, list[int]]:
    """Return how long each program's calls took, in ns; 0 where none waited."""
    took: dict[str, list[int]] = defaultdict(list)
    for event in events:
        if isinstance(event, Call):
            waited = event.duration >= _WAITED_NS and event.result != UNFINISHED
            took[event.process].append(event.duration if waited else 0)
    return took


def _relative(number: int, origins: Sequence[int]) -> int:
    """Return a number from the nearest first one before it, of an old connection too.

    0 is what a RST has that acknowledges nothing.
    """
    if not number or not origins:
        return number
    ahead = [it for origin in origins if (it := distance(origin, number)) >= 0]
    return min(ahead) if ahead else distance(origins[-1], number)


def sender(segment: Segment) -> str:
    """Return which host a segment is from, `client` or `server`, by its address."""
    return "server" if segment.source.host.endswith(_SERVER_HOSTS) else "client"


def _peer(who: str) -> str:
    number, role = who.split()
    return f"{number} {'server' if role == 'client' else 'client'}"


def _sent(events: Sequence[TimelineEvent], where: str) -> Iterator[tuple[str, Sent]]:
    """Yield what passed `where`, with its connection's number and sender."""
    numbers: dict[tuple[int, ...], int] = {}
    for event in events:
        if isinstance(event, Sent) and event.where == where:
            segment = event.segment
            ports = tuple(sorted((segment.source.port, segment.destination.port)))
            number = numbers.setdefault(ports, len(numbers))
            yield f"{number} {sender(segment)}", event


def _differences(kernel: Told, sim: Told) -> list[str]:
    found = []
    for who in sorted({*kernel, *sim}):
        pairs = zip_longest(kernel.get(who, []), sim.get(who, []), fillvalue="nothing")
        for number, (real, virtual) in enumerate(pairs, 1):
            if real != virtual:
                found.append(f"{who}, {number}: {real} | sim: {virtual}")
    return found


def _late(kernel: dict[str, list[int]], sim: dict[str, list[int]]) -> list[str]:
    return [
        f"{who}, {number}: {real / 1e9:.3f} s | sim: {virtual / 1e9:.3f} s"
        for who, times in kernel.items()
        for number, (real, virtual) in enumerate(
            zip(times, sim.get(who, []), strict=False), 1
        )
        if abs(real - virtual) > max(_SLACK_NS, real // _SLACK_SHARE)
    ]
