"""`make score`: verdicts on the measured corpus against its truth file.

    python bench/score.py [CORPUS] [--vantage c|m|s] [--misses]

Prints a scoreboard a vantage and names each miss: what is right, what was said.
"""

import argparse
import csv
import sys
from collections import defaultdict
from pathlib import Path

from lastack.diagnosis.explained import Explained
from lastack.diagnosis.score import Score, Truth, outcome, scoreboard
from lastack.sources.read_capture import read_capture

PROJECT = Path(__file__).resolve().parent.parent
CORPUS = PROJECT.parent / "shared" / "corpus"
VANTAGES = {"c": "client", "m": "middle", "s": "server"}


def truths() -> dict[tuple[str, str], dict[int, Truth]]:
    """Return the truth of every stream by scenario and vantage."""
    found: dict[tuple[str, str], dict[int, Truth]] = defaultdict(dict)
    path = PROJECT / "tests" / "corpus" / "truth.tsv"
    with path.open(newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        for row in rows:
            streams = found[row["scenario"], row["vantage"]]
            if row["stream"] != "-":
                streams[int(row["stream"])] = Truth(
                    row["truth"], frozenset(row["right"].split(","))
                )
    return found


def main() -> int:
    """Score the corpus; exit 1 when a verdict is confident and wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    arguments = parser.parse_args()
    if not arguments.corpus.is_dir():
        print(f"score: {arguments.corpus}: no such directory", file=sys.stderr)
        return 3
    scores = {name: Score() for name in [*VANTAGES.values(), "all"]}
    misses = []
    for (scenario, vantage), streams in truths().items():
        path = arguments.corpus / f"{scenario}.{vantage}.pcap"
        read = read_capture(str(path))
        explained = Explained(read.name, read.scan)
        if len(explained.connections) != len(streams):
            misses.append(f"{path.name}: {len(explained.connections)} connections")
        for stream, truth in streams.items():
            one = outcome(f"{path.name} {stream}", truth, explained.judgements[stream])
            scores[VANTAGES[vantage]].add(one)
            scores["all"].add(one)
            if not one.right or not one.listed:
                case = explained.judgements[stream].first.claim.case
                misses.append(
                    f"{one.name}: said {one.said} ({one.confidence:.2f}, {case});"
                    f" right {', '.join(sorted(truth.right))}"
                    + ("" if one.listed else f"; TRUTH NOT LISTED {truth.truth}")
                )
    for miss in misses:
        print(miss)
    print(scoreboard(scores.items()))
    return 1 if scores["all"].row()[5] else 0


if __name__ == "__main__":
    sys.exit(main())
