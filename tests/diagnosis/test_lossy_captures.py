"""Captures that lost frames: what they cannot show is not said as sure."""

import csv
import random
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from lastack.diagnosis.score import Score, Truth, outcome
from lastack.endings import orderly_close
from tests.endings.pages import sections, verdict
from tests.judged import judged
from tests.metamorphic.test_same_verdicts import pcap
from tests.walk import Frame, iterate

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TRUTHS = Path(__file__).parents[1] / "corpus" / "truth.tsv"


@cache
def truths() -> dict[str, dict[int, Truth]]:
    """Return the truth of every stream of every capture of the corpus."""
    found: dict[str, dict[int, Truth]] = defaultdict(dict)
    with TRUTHS.open(newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["stream"] != "-":
                name = f"{row['scenario']}.{row['vantage']}.pcap"
                right = frozenset(row["right"].split(","))
                found[name][int(row["stream"])] = Truth(row["truth"], right)
    return found


def thinned(path: Path, rate: float) -> list[Frame]:
    """Return a capture's frames without a random share, the same at every call."""
    chance = random.Random(f"{path.name} {rate}")
    return [frame for frame in iterate(path) if chance.random() >= rate]


def scored(rate: float) -> Score:
    """Return the score of the corpus with a share of its frames lost."""
    score = Score()
    for name, streams in truths().items():
        frames = thinned(CORPUS / name, rate)
        if not frames:
            continue
        judgements = judged(pcap(frames)).judgements
        if len(judgements) != len(streams):
            continue
        for stream, truth in streams.items():
            score.add(outcome(f"{name} {stream}", truth, judgements[stream]))
    return score


@pytest.mark.parametrize(("rate", "most"), [(0.02, 0.03), (0.1, 0.08)])
def test_few_verdicts_on_lossy_captures_are_sure_and_wrong(
    rate: float, most: float
) -> None:
    """One connection a file, most of ten frames: little shows that one was lost."""
    if not CORPUS.is_dir():
        pytest.skip(f"there is no corpus at {CORPUS}")
    count, right, _, _, _, worst, _ = scored(rate).row()
    assert right > 0.85 * count
    assert worst <= most * count


@pytest.mark.parametrize("lost", ["> F.", "< F."])
def test_a_lost_fin_does_not_hide_an_orderly_close(lost: str) -> None:
    """Its acknowledgement is there, and shows who closed first."""
    page = orderly_close.__doc__ or ""
    (example,) = next(it.traces for it in sections(page) if it.heading == "Example")
    rest = "\n".join(line for line in example.splitlines() if lost not in line)
    whole, found = verdict((example,)), verdict((rest,))
    assert rest.count("\n") == example.count("\n") - 1
    assert (found.first.slug, found.first.by) == (whole.first.slug, whole.first.by)
    assert found.first.slug == "orderly-close"
