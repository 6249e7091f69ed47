"""Odds, not order, decide; what was measured stands before what was thought."""

from math import exp, isclose

import pytest

from lastack.diagnosis.judge import judge, weight
from lastack.diagnosis.odds import ODDS
from lastack.ending import Claim, Strength
from lastack.endings import endings, page
from tests.endings.pages import capture, facts, sections
from tests.judged import judged

RESET = facts(sections(page("linger-zero"))[3].traces)


def test_probabilities_are_those_of_the_weights() -> None:
    """A claim's probability is its odds among all claims' odds."""
    ranked = judge(RESET).ranked
    assert len(ranked) > 2
    total = sum(exp(weight(one.slug, one.claim)) for one in ranked)
    for one in ranked:
        assert isclose(one.probability, exp(weight(one.slug, one.claim)) / total)


def test_equal_odds_are_ranked_by_name() -> None:
    """A tie is always broken the same way, whatever the order of the claims."""
    ranked = judge(RESET).ranked
    assert list(ranked) == sorted(ranked, key=lambda it: (-it.probability, it.slug))


def test_measured_odds_stand_before_strength() -> None:
    """What labelled captures say of a case replaces what its page thought."""
    (slug, case), measured = next(iter(ODDS.items()))
    assert weight(slug, Claim("client", case, Strength.HARDLY)) == measured
    assert weight(slug, Claim("client", "not-measured", Strength.HARDLY)) == -5.0


@pytest.mark.parametrize("key", sorted(ODDS))
def test_odds_are_of_endings(key: tuple[str, str]) -> None:
    """Every measured case names an ending, and its odds are finite and small."""
    assert key[0] in endings()
    assert -9 < ODDS[key] < 9


def test_equal_facts_are_judged_once() -> None:
    """A million connections of some hundred kinds cost some hundred judgements."""
    reset = sections(page("linger-zero"))[3].traces
    close = sections(page("orderly-close"))[3].traces
    explained = judged(capture((*reset, *close, *reset)))
    first, other, again = explained.judgements
    assert first is again
    assert first is not other
    assert list(explained.streams(lambda one: one is first)) == [0, 2]
