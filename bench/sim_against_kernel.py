"""Does the simulator predict the kernel? Every scenario on both, in one table.

    sudo python bench/sim_against_kernel.py [SCENARIO ...]

Each scenario is played in the laboratory, and then in the simulator under the
same circumstances; docs/sim-and-kernel.md says what is compared. It exits with 1
if a scenario differs which tests/sim/differences.tsv does not name, or is named
there and does not.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lastack import scenarios
from lastack.lab.aspects import ASPECTS, Differences
from lastack.lab.laboratory import Laboratory
from lastack.lab.prediction import predict
from lastack.lab.ticks import ticks
from lastack.sim.personalities import load

ALLOWED: Final = Path(__file__).parent.parent / "tests" / "sim" / "differences.tsv"
_AT_ONCE: Final = 4


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
    known, personality = ticks(), load("linux")
    async with Laboratory.opened() as lab:

        async def one(slug: str) -> Differences:
            async with gate:
                return await predict(lab, scenarios.load(slug), personality, known)

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
