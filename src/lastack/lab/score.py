"""The scoreboard of a corpus: what explain says beside what is true."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lastack.diagnosis.score import Outcome, Score, Truth
from lastack.lab.capture import VANTAGES
from lastack.lab.corpus import LABELS
from lastack.lab.opinions import Opinion, opinions
from lastack.tcp.segment import Address

_AT_ONCE: Final = 200

_Ends = tuple[Address, Address]
_Row = dict[str, str]


class CorpusError(Exception):
    """The folder holds no corpus, or the two do not belong together."""


def scores(folder: Path) -> dict[str, Score]:
    """Return the score of each vantage; raises CorpusError, NoOpinionError."""
    try:
        with (folder / LABELS).open(newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except FileNotFoundError as error:
        raise CorpusError(
            f"{folder} has no {LABELS}; make one with: lastack lab corpus {folder}"
        ) from error
    found = {vantage: Score() for vantage in VANTAGES}
    captures = sorted({row["capture"] for row in rows})
    said: dict[tuple[str, frozenset[Address]], list[Opinion]] = defaultdict(list)
    for at in range(0, len(captures), _AT_ONCE):
        paths = [folder / name for name in captures[at : at + _AT_ONCE]]
        for opinion in opinions(paths):
            ends = frozenset((opinion.client, opinion.server))
            said[Path(opinion.capture).name, ends].append(opinion)
    for vantage, outcome in _outcomes(rows, said):
        found[vantage].add(outcome)
    return found


def _outcomes(
    rows: list[_Row], said: dict[tuple[str, frozenset[Address]], list[Opinion]]
) -> Iterator[tuple[str, Outcome]]:
    labels: dict[tuple[str, frozenset[Address]], list[_Row]] = defaultdict(list)
    for row in rows:
        ends = frozenset(
            Address(row[end], int(row[f"{end}_port"])) for end in ("client", "server")
        )
        labels[row["capture"], ends].append(row)
    for key, these in labels.items():
        verdicts = said.get(key, [])
        # Two connections with the same addresses and ports: in their order.
        if len(verdicts) == len(these):
            for row, opinion in zip(these, verdicts, strict=True):
                yield row["vantage"], _outcome(row, opinion)
        else:
            for row in these:
                yield row["vantage"], _missed(row)


def _outcome(row: _Row, opinion: Opinion) -> Outcome:
    truth = _truth(row)
    said = [f"{ending}/{by}" for ending, by, _ in opinion.ranked]
    return Outcome(
        f"{row['capture']} {row['scenario']}",
        truth,
        said[0],
        opinion.ranked[0][2],
        truth.truth in said,
    )


def _missed(row: _Row) -> Outcome:
    name = f"{row['capture']} {row['scenario']}"
    return Outcome(name, _truth(row), "no verdict", 0.0, listed=False)


def _truth(row: _Row) -> Truth:
    truth = f"{row['ending']}/{row['by']}"
    also = () if row["also"] == "-" else row["also"].split(",")
    return Truth(truth, frozenset({truth, *also}))
