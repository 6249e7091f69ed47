"""Does the simulator predict the kernel? Every scenario on both, in one table.

    sudo python bench/sim_against_kernel.py [SCENARIO ...]

Each scenario is played in the laboratory, and then in the simulator under the
same circumstances; docs/sim-and-kernel.md says what is compared. It exits with 1
if a scenario differs in an aspect that tests/sim/differences.tsv does not name
for it, or is named there as one that always differs, and does not.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lastack import scenarios
from lastack.lab.aspects import ASPECTS, Differences
from lastack.lab.laboratory import Laboratory
from lastack.lab.prediction import linux_here, predict
from lastack.lab.ticks import ticks

LISTED: Final = Path(__file__).parent.parent / "tests" / "sim" / "differences.tsv"
_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Allowed:
    """What of a scenario may differ, whether it always does, and why."""

    aspects: frozenset[str]
    always: bool
    reason: str


def allowed() -> dict[str, Allowed]:
    """Read the list; raises ValueError for a line that is none."""
    listed = {}
    for line in LISTED.read_text().splitlines():
        if line and not line.startswith("#"):
            slug, aspects, how, reason = line.split("\t")
            if how not in ("always", "sometimes") or not {*aspects.split()} <= {
                *ASPECTS
            }:
                raise ValueError(f"{LISTED.name}: {line!r}")
            listed[slug] = Allowed(frozenset(aspects.split()), how == "always", reason)
    return listed


def complaint(result: Differences, listed: Allowed | None) -> str:
    """Return what is wrong with a scenario's row, or nothing."""
    differs = {aspect for aspect, those in result.items() if those}
    if listed is None:
        return "not listed" if differs else ""
    if differs - listed.aspects:
        return "listed, but not for " + ", ".join(sorted(differs - listed.aspects))
    if listed.always and not differs:
        return "listed, and differs no more"
    return ""


async def main(wanted: Sequence[str]) -> int:
    """Print the table; 1 if it is not as the list says."""
    slugs = [
        slug
        for slug in wanted or scenarios.names()
        if not (it := scenarios.load(slug)).not_in_sim and not it.not_in_lab
    ]
    gate = asyncio.Semaphore(_AT_ONCE)
    known = ticks()
    personality = linux_here(known)
    async with Laboratory.opened() as lab:

        async def one(slug: str) -> Differences:
            async with gate:
                return await predict(lab, scenarios.load(slug), personality, known)

        found = await asyncio.gather(*map(one, slugs))
    listed = allowed()
    equal = wrong = 0
    of_aspect = dict.fromkeys(ASPECTS, 0)
    print(f"{'scenario':27}", *(f"{it:>8}" for it in ASPECTS), " first difference")
    for slug, result in zip(slugs, found, strict=True):
        counts = [len(result[it]) for it in ASPECTS]
        first = next((it for aspect in ASPECTS for it in result[aspect]), "")
        equal += not any(counts)
        for aspect, count in zip(ASPECTS, counts, strict=True):
            of_aspect[aspect] += not count
        problem = complaint(result, listed.get(slug))
        wrong += bool(problem)
        told = first + (f" ({listed[slug].reason})" if first and slug in listed else "")
        print(f"{slug:27}", *(f"{n or '=':>8}" for n in counts), f" {told} {problem}")
    parts = ", ".join(f"{aspect} {of_aspect[aspect]}" for aspect in ASPECTS)
    print(f"equal: {equal} of {len(slugs)} ({parts})")
    print(f"not as listed: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
