"""Does the simulator predict the kernel? Every scenario on both, in one table.

    sudo python bench/sim_against_kernel.py [SCENARIO ...]

Each scenario is played in the laboratory; the round trip measured there is given
to the simulator. Compared are, of each connection and sender, the segments at the
wire (flags, relative numbers, lengths, which options, window zero, IP ID zero,
TTL, fate); what calls returned; the states that ss saw; and the gaps between a
segment and its repetition (5 ms or 1 %). It exits with 1 if a scenario differs
which tests/sim/differences.tsv does not name.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Final

from lastack import scenarios
from lastack.lab.laboratory import Laboratory
from lastack.sim.personalities import load
from lastack.sim.run import play
from lastack.tcp.events import Call, Sent, SocketState, TimelineEvent
from lastack.tcp.flags import ACK, RST, SYN, flags_text
from lastack.tcp.scenario import Scenario
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import distance

ALLOWED: Final = Path(__file__).parent.parent / "tests" / "sim" / "differences.tsv"
ASPECTS: Final = ("segments", "calls", "states", "timers")
_AT_ONCE: Final = 4
_SLACK_NS: Final = 5_000_000
_SERVER_HOSTS: Final = (".130", ".129")

Told = dict[str, list[str]]
"""What was seen, one line each, by whom."""


def _role(segment: Segment) -> str:
    return "server" if segment.source.host.endswith(_SERVER_HOSTS) else "client"


def _sent(events: Sequence[TimelineEvent], where: str) -> Iterator[tuple[str, Sent]]:
    """Yield what passed `where`, with its connection's number and sender."""
    numbers: dict[tuple[int, ...], int] = {}
    for event in events:
        if isinstance(event, Sent) and event.where == where:
            segment = event.segment
            ports = tuple(sorted((segment.source.port, segment.destination.port)))
            number = numbers.setdefault(ports, len(numbers))
            yield f"{number} {_role(segment)}", event


def segments(events: Sequence[TimelineEvent]) -> Told:
    """Return each sender's segments at the wire, in its own order."""
    told: Told = defaultdict(list)
    first: dict[str, int] = {}
    for who, event in _sent(events, "wire"):
        s = event.segment
        peer = who.replace("client", "*").replace("server", "client")
        peer = peer.replace("*", "server")
        if s.flags & SYN or (who not in first and not s.flags & RST):
            first[who] = s.seq
        seq = distance(first[who], s.seq) if who in first and s.seq else s.seq
        ack = distance(first[peer], s.ack) if peer in first else s.ack
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
            # accept() returns a number; which one is the lab program's own affair.
            numbered = event.name == "accept" and event.result.isdecimal()
            result = "a descriptor" if numbered else event.result
            told[event.process].append(f"{event.name} = {result}")
    return told


def states(events: Sequence[TimelineEvent]) -> Told:
    """Return the states which each host's sockets were seen in."""
    seen: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if isinstance(event, SocketState):
            seen[event.host].add(event.state)
    return {host: sorted(those) for host, those in seen.items()}


def repetitions(events: Sequence[TimelineEvent]) -> dict[str, list[int]]:
    """Return each sender's gaps between a segment and its repetition, in ns."""
    gaps: dict[str, list[int]] = defaultdict(list)
    last: dict[tuple[str, int, int, int], int] = {}
    for where in ("client", "server"):
        for who, event in _sent(events, where):
            s = event.segment
            if not who.endswith(where) or s.flags & RST:
                continue
            key = (who, s.flags, s.seq, len(s.payload))
            if key in last:
                gaps[who].append(event.time - last[key])
            last[key] = event.time
    return gaps


def _differences(kernel: Told, sim: Told) -> list[str]:
    found = []
    for who in sorted({*kernel, *sim}):
        pairs = zip_longest(kernel.get(who, []), sim.get(who, []), fillvalue="nothing")
        for number, (real, virtual) in enumerate(pairs, 1):
            if real != virtual:
                found.append(f"{who}, {number}: {real} | sim: {virtual}")
    return found


def compare(
    kernel: Sequence[TimelineEvent], sim: Sequence[TimelineEvent]
) -> dict[str, list[str]]:
    """Return for each aspect where the two differ."""
    late = []
    real_gaps, sim_gaps = repetitions(kernel), repetitions(sim)
    for who, gaps in real_gaps.items():
        for real, virtual in zip(gaps, sim_gaps.get(who, []), strict=False):
            if abs(real - virtual) > max(_SLACK_NS, real // 100):
                late.append(f"{who}: {real / 1e9:.3f} s | sim: {virtual / 1e9:.3f} s")
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
        "timers": late,
    }


def round_trip(events: Sequence[TimelineEvent]) -> int | None:
    """Return the time from a first SYN to its SYN-ACK at the client, in ns."""
    asked: dict[int, int] = {}
    for event in events:
        if isinstance(event, Sent) and event.where == "client":
            s = event.segment
            control = s.flags & (SYN | ACK | RST)
            if control == SYN:
                if s.seq in asked:
                    return None
                asked[s.seq] = event.time
            elif control == SYN | ACK and (s.ack - 1) % (1 << 32) in asked:
                return event.time - asked[(s.ack - 1) % (1 << 32)]
    return None


async def predict(lab: Laboratory, scenario: Scenario) -> dict[str, list[str]]:
    """Play a scenario on both, and return the differences."""
    run = await lab.play(scenario, [scenario.steps()], watch=True)
    measured = None if scenario.wire.routed else round_trip(run.events)
    wire = scenario.wire
    if measured is not None and 0 < measured / 2e9 - wire.delay < 0.01:
        wire = replace(wire, delay=measured / 2e9)
    twin = replace(scenario, wire=wire)
    virtual = play(twin, scenario.steps(), client=load("linux"))
    return compare(run.events, virtual.events)


def allowed() -> dict[str, str]:
    """Return the scenarios that may differ, each with its reason."""
    rows = (line.split("\t", 1) for line in ALLOWED.read_text().splitlines())
    return {slug: reason for slug, reason in rows if not slug.startswith("#")}


async def main(wanted: Sequence[str]) -> int:
    """Print the table; 1 if one differs that is not listed."""
    slugs = [
        slug
        for slug in wanted or scenarios.names()
        if not (it := scenarios.load(slug)).not_in_sim and not it.not_in_lab
    ]
    gate = asyncio.Semaphore(_AT_ONCE)
    async with Laboratory.opened() as lab:

        async def one(slug: str) -> dict[str, list[str]]:
            async with gate:
                return await predict(lab, scenarios.load(slug))

        found = await asyncio.gather(*map(one, slugs))
    listed = allowed()
    unlisted = equal = 0
    print(f"{'scenario':32}", *(f"{it:>8}" for it in ASPECTS), " first difference")
    for slug, result in zip(slugs, found, strict=True):
        counts = [len(result[it]) for it in ASPECTS]
        first = next((it for aspect in ASPECTS for it in result[aspect]), "")
        equal += not any(counts)
        unlisted += any(counts) and slug not in listed
        mark = f" ({listed[slug]})" if first and slug in listed else ""
        print(f"{slug:32}", *(f"{n or '=':>8}" for n in counts), f" {first}{mark}")
    print(f"{equal} of {len(slugs)} equal; {unlisted} differ and are not listed")
    return 1 if unlisted else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
