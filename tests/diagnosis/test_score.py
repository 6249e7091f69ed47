"""The score counts what is right, listed, confident, and how calibrated."""

import pytest

from lastack.diagnosis.judge import judge
from lastack.diagnosis.score import Outcome, Score, Truth, outcome, scoreboard
from lastack.endings import page
from tests.endings.pages import facts, sections

ONE = Truth("a/client", frozenset({"a/client"}))
TWO = Truth("a/client", frozenset({"a/client", "b/server"}))


def score(*outcomes: tuple[Truth, str, float, bool]) -> Score:
    """Return the score of outcomes made by hand."""
    made = Score()
    for truth, said, confidence, listed in outcomes:
        made.add(Outcome("by hand", truth, said, confidence, listed))
    return made


def test_decidable_is_what_has_one_right_answer() -> None:
    """Where two answers are right, the packets do not decide."""
    assert ONE.decidable
    assert not TWO.decidable


def test_counts() -> None:
    """All, right, decidable, right of these, listed, confident and wrong."""
    made = score(
        (ONE, "a/client", 0.95, True),
        (ONE, "b/server", 0.95, True),
        (TWO, "b/server", 0.95, False),
        (TWO, "c/path", 0.89, True),
        (ONE, "a/server", 0.90, False),
    )
    assert made.row()[:6] == (5, 2, 3, 1, 3, 2)


def test_another_right_answer_is_right_but_not_true() -> None:
    """What an honest expert may say counts as right; truth is what happened."""
    (one,) = score((TWO, "b/server", 0.95, True)).outcomes
    assert one.right
    assert not one.true
    assert not one.confident_and_wrong


@pytest.mark.parametrize(
    ("outcomes", "error"),
    [
        ([], 0.0),
        ([(0.75, True)] * 3 + [(0.75, False)], 0.0),
        ([(1.0, True)], 0.0),
        ([(1.0, False)], 1.0),
        ([(0.6, True)] * 2, 0.4),
        # 0.8 sure and all true, 0.4 sure and none true: (2 * 0.2 + 2 * 0.4) / 4.
        ([(0.8, True)] * 2 + [(0.4, False)] * 2, 0.3),
        # Over- and underconfidence in one bin cancel out, in two bins they do not.
        ([(0.55, True), (0.55, False)], 0.05),
        ([(0.5, True), (0.4, False)], 0.45),
    ],
)
def test_calibration_error(outcomes: list[tuple[float, bool]], error: float) -> None:
    """The mean distance of confidence from the share of truths, by tenths."""
    made = score(
        *(
            (ONE, "a/client" if true else "b/server", sure, True)
            for sure, true in outcomes
        )
    )
    assert made.calibration_error == pytest.approx(error)


def test_calibration_is_against_what_happened() -> None:
    """Confidence is a probability of the truth; another right answer is not it."""
    made = score((TWO, "b/server", 0.9, True), (TWO, "a/client", 0.9, True))
    assert made.calibration_error == pytest.approx(0.4)


def test_an_outcome_says_whether_the_truth_is_listed() -> None:
    """The truth is listed if any claim of the judgement is it, side and all."""
    judgement = judge(facts(sections(page("connection-refused"))[3].traces))
    there = outcome("x", Truth("connection-refused/server", frozenset()), judgement)
    side = outcome("x", Truth("connection-refused/client", frozenset()), judgement)
    assert there.listed
    assert there.said == "connection-refused/server"
    assert there.confidence == judgement.first.probability
    assert not side.listed


def test_confusion_names_the_misses() -> None:
    """What was said in the place of what, and how often."""
    made = score(
        (ONE, "b/server", 0.5, True),
        (ONE, "b/server", 0.6, True),
        (ONE, "a/client", 0.6, True),
    )
    assert made.confusion() == {("a/client", "b/server"): 2}


def test_scoreboard_is_a_table() -> None:
    """One row a name, its columns under their titles."""
    made = score((ONE, "a/client", 0.95, True))
    head, row = scoreboard([("client", made)]).splitlines()
    assert row.split() == ["client", "1", "1", "1", "1", "1", "0", "0.050"]
    assert len(head) == len(row)
