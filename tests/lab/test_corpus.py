"""What a corpus is drawn from."""

import asyncio
import csv
from pathlib import Path

import pytest

from lastack import scenarios
from lastack.lab.capture import VANTAGES
from lastack.lab.corpus import LABELS, batches, write_corpus
from lastack.lab.score import CorpusError, scores


def test_equal_seeds_draw_equal_batches() -> None:
    """The seed says all: scenarios, parameters, wires; another seed differs."""
    first, again, other = (list(batches(300, seed)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_the_number_of_copies_is_what_was_asked_for() -> None:
    """All batches together have as many copies as connections were asked for."""
    assert sum(len(it.parameters) for it in batches(333, 1)) == 333


def test_every_scenario_takes_its_turn() -> None:
    """None is drawn twice before each, also mirrored, was drawn once."""
    slugs = scenarios.names() + scenarios.mirrors()
    able = {it.slug for it in map(scenarios.load, slugs) if not it.not_in_lab}
    drawn = [it.scenario.slug for it in batches(10 * len(able), 3)]
    assert set(drawn) == able
    assert len(drawn) == len(able)


def test_parameters_stay_where_the_truth_holds() -> None:
    """Each is within the range that its scenario names."""
    for batch in batches(2000, 9):
        for parameters in batch.parameters:
            assert parameters.keys() == batch.scenario.varies.keys()
            for name, value in parameters.items():
                low, high = batch.scenario.varies[name]
                assert low <= value <= high


def test_a_corpus_and_its_score(needs_root: None, tmp_path: Path) -> None:
    """Thirty connections: captures and labels are there, and each is scored."""
    pytest.importorskip("pyroute2")
    tally = asyncio.run(write_corpus(tmp_path, 30, 4, 4, lambda _: None))
    with (tmp_path / LABELS).open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert tally.labelled.total() >= 20
    assert {row["vantage"] for row in rows} == set(VANTAGES)
    assert all((tmp_path / row["capture"]).is_file() for row in rows)
    found = scores(tmp_path)
    scored = sum(len(score.outcomes) for score in found.values())
    assert 0.9 * len(rows) <= scored <= len(rows)


def test_a_folder_without_labels_is_named(tmp_path: Path) -> None:
    """The error says what is missing and how to make it."""
    with pytest.raises(CorpusError, match=r"has no labels\.tsv; make one"):
        scores(tmp_path)
