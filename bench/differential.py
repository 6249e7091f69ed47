"""Plays random sequences on this kernel and on the simulated Linux, and compares.

    sudo python bench/differential.py [SEQUENCES] [FIRST_SEED] [--scripts FOLDER]

Prints how many are equal, and each kind of divergence as a packetdrill script of
the fewest steps, or the name under which tests/sim/divergences lists it; with
`--scripts` the scripts are also written there. 1 if any is not listed. The kernel is
behind a TUN device in a network namespace of its own, which needs root.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

from lastack.lab.differential.campaign import SETTINGS, Result, campaign, set_equal
from lastack.lab.differential.divergences import listed, load_all
from lastack.lab.differential.kernel import KernelPlayer
from lastack.sim.personalities import load

_LISTED: Final = Path(__file__).parents[1] / "tests" / "sim" / "divergences"


def main() -> int:
    """Play, compare, shrink."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sequences", nargs="?", type=int, default=10_000)
    parser.add_argument("first_seed", nargs="?", type=int, default=0)
    parser.add_argument("--scripts", type=Path)
    given = parser.parse_args()
    seeds = range(given.first_seed, given.first_seed + given.sequences)
    began = time.monotonic()
    with KernelPlayer(SETTINGS) as player:
        result = campaign(seeds, set_equal(load("linux")), player, told)
    print(f"{result}\n{time.monotonic() - began:8.0f} s")
    names = load_all(_LISTED)
    known = {cause.kind: listed(cause.kind, names) for cause in result.causes}
    report(result, known)
    if given.scripts is not None:
        save(result, given.scripts)
    return int(not all(known.values()))


def told(line: str) -> None:
    """Show how far it is."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr)


def report(result: Result, known: dict[str, str]) -> None:
    """Print what is listed by name, and each other kind as its script."""
    times = Counter[str]()
    for cause in result.causes:
        times[known[cause.kind]] += cause.count
    unknown = times.pop("", 0)
    print(f"{sum(times.values()):>8} of them by {len(times)} causes that are listed")
    for name, count in times.most_common():
        print(f"{count:>12} {name}")
    print(f"{unknown:>8} by others:")
    for cause in result.causes:
        if not known[cause.kind]:
            print(f"\n{cause.count} times\n{cause.text}", end="")


def save(result: Result, folder: Path) -> None:
    """Write a script for each kind of divergence."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, cause in enumerate(result.causes, 1):
        (folder / f"{number:03}.pkt").write_text(cause.text)


if __name__ == "__main__":
    sys.exit(main())
