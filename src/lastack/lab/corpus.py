"""A corpus: captures of many connections whose truth is known.

Scenarios, mirrored ones too, their parameters and the wire are drawn from one seed.
A batch is one scenario with several copies at once, in namespaces of its own; it
gives one capture a vantage. What the kernel contradicts is left out of the labels,
and counted: nothing is relabelled.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from lastack import scenarios
from lastack.lab.capture import VANTAGES
from lastack.lab.captures import write_captures
from lastack.lab.laboratory import Laboratory
from lastack.lab.run import Run
from lastack.lab.seen import also_right, held_up, truth_at
from lastack.tcp.scenario import Scenario, Wire

LABELS: Final = "labels.tsv"
COLUMNS: Final = (
    "capture",
    "vantage",
    "client",
    "client_port",
    "server",
    "server_port",
    "scenario",
    "connection",
    "ending",
    "by",
    "also",
    "kernel_reasons",
    "delay_s",
    "jitter_s",
    "loss",
    "ipv6",
    "timestamps",
)
_COPIES: Final = 10
_LOSSY: Final = 0.3
_IPV6: Final = 0.3
_TIMESTAMPS: Final = 0.8
_LONGEST_DELAY_S: Final = 0.06
_SHORTEST_DELAY_S: Final = 0.0005
# A segment that was lost comes again after 200 ms, or 400 ms, or 800 ms.
_EPILOGUE_S: Final = 1.5
# Who waits for a reset that the wire has lost, waits for ever.
_PATIENCE_S: Final = 15.0
# On a busy machine scenarios go wrong; their truth speaks of the wire as drawn.
_MOST_LATE_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Batch:
    """What is played at once."""

    number: int
    scenario: Scenario
    parameters: tuple[dict[str, float], ...]
    wire: Wire
    ipv6: bool
    timestamps: bool
    seed: int


@dataclass(slots=True)
class Tally:
    """What came of it, by scenario: labelled connections, and refused ones."""

    labelled: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)


def _drawn(scenario: Scenario, source: random.Random) -> dict[str, float]:
    """Draw the parameters from the ranges in which the truth holds."""
    defaults = scenarios.parameters(scenario)
    return {
        name: source.randint(int(low), int(high))
        if isinstance(defaults[name], int)
        else source.uniform(low, high)
        for name, (low, high) in scenario.varies.items()
    }


def batches(connections: int, seed: int) -> Iterator[Batch]:
    """Yield batches of `connections` in all; equal seeds give equal batches.

    Every scenario, as it is and mirrored, is drawn once before any is drawn again.
    """
    source = random.Random(seed)
    slugs = [*scenarios.names(), *scenarios.mirrors()]
    able = [it for it in map(scenarios.load, slugs) if not it.not_in_lab]
    turn: list[Scenario] = []
    number = 0
    while connections > 0:
        if not turn:
            turn = source.sample(able, len(able))
        scenario = turn.pop()
        copies = min(_COPIES, connections)
        span = _LONGEST_DELAY_S / _SHORTEST_DELAY_S
        delay = _SHORTEST_DELAY_S * span ** source.random()
        jitter = source.choice([0.0, 0.0, 0.1 * delay])
        lossy = source.random() < _LOSSY
        yield Batch(
            number,
            scenario,
            tuple(_drawn(scenario, source) for _ in range(copies)),
            replace(
                scenario.wire,
                delay=max(delay, scenario.least_delay),
                jitter=0.0 if scenario.least_delay else jitter,
                loss=source.uniform(0.002, 0.03) if lossy else scenario.wire.loss,
            ),
            source.random() < _IPV6,
            source.random() < _TIMESTAMPS,
            source.randrange(1 << 30),
        )
        number += 1
        connections -= copies


async def write_corpus(
    folder: Path,
    connections: int,
    seed: int,
    jobs: int,
    told: Callable[[Tally], None],
) -> Tally:
    """Write captures and labels to the existing `folder`.

    `told` is called as it grows.
    """
    tally = Tally()
    gate = asyncio.Semaphore(jobs)
    with (folder / LABELS).open("w") as labels:
        print(*COLUMNS, sep="\t", file=labels)
        async with Laboratory.opened() as lab:

            async def one(batch: Batch) -> None:
                try:
                    run = await lab.play(
                        batch.scenario,
                        [
                            scenarios.steps_of(batch.scenario, **parameters)
                            for parameters in batch.parameters
                        ],
                        wire=batch.wire,
                        ipv6=batch.ipv6,
                        timestamps=batch.timestamps,
                        seed=batch.seed,
                        strict=False,
                        patience=_PATIENCE_S,
                        epilogue=_EPILOGUE_S if batch.wire.loss else 0.0,
                    )
                    for row in _rows(run, batch, folder, tally):
                        print(*row, sep="\t", file=labels)
                    told(tally)
                finally:
                    gate.release()

            async with asyncio.TaskGroup() as group:
                for batch in batches(connections, seed):
                    await gate.acquire()
                    group.create_task(one(batch))
    return tally


def _rows(
    run: Run, batch: Batch, folder: Path, tally: Tally
) -> Iterator[tuple[object, ...]]:
    slug = batch.scenario.slug
    written = write_captures(run, folder, f"{batch.number:05}")
    for label in run.labels:
        if label.disagreements:
            tally.refused[slug] += 1
            tally.reasons.setdefault(slug, label.disagreements[0])
            continue
        late = held_up(run, label)
        if late > _MOST_LATE_S:
            tally.refused[slug] += 1
            tally.reasons.setdefault(
                slug, f"the machine held a segment up {late:.2f} s"
            )
            continue
        tally.labelled[slug] += 1
        for vantage in VANTAGES:
            seen = truth_at(run, label, vantage)
            if seen is None:
                continue
            ending, by = seen
            also = also_right(run, label, vantage, seen)
            yield (
                written[vantage].name,
                vantage,
                label.client.host,
                label.client.port,
                label.server.host,
                label.server.port,
                slug,
                label.connection,
                ending,
                by,
                ",".join(sorted(map("/".join, also))) or "-",
                ",".join(map(str, label.reasons)) or "-",
                f"{batch.wire.delay:.6f}",
                f"{batch.wire.jitter:.6f}",
                f"{batch.wire.loss:.4f}",
                int(batch.ipv6),
                int(batch.timestamps),
            )
