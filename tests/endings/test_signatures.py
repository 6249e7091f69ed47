"""What holds for every set of facts, also for those that no capture gives.

A signature may be handed whatever a damaged or hostile capture leads to, so it
answers all combinations, and the judgement on them stays a judgement.
"""

from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastack.connections.facts import CLIENT, NONE, SERVER, Facts
from lastack.diagnosis.judge import Judgement, claims, judge
from lastack.ending import Ending, Strength
from lastack.endings import endings, page
from tests.endings.pages import facts, sections

SIDES: Final = (NONE, CLIENT, SERVER)
BY: Final = {"client", "server", "both", "path", "none", "unknown"}
STRENGTHS: Final = {value for name, value in vars(Strength).items() if name.isupper()}
WORD: Final = 1 << 63


def questions() -> dict[str, tuple[int, ...]]:
    """Return the name of every fact, and the values that it can have."""
    fresh = Facts()
    found: dict[str, tuple[int, ...]] = {}
    for name in dir(fresh):
        value = getattr(fresh, name)
        if name.startswith("_") or callable(value):
            continue
        found[name] = (False, True) if isinstance(value, bool) else SIDES
    return found


QUESTIONS: Final = questions()


def facts_of(answers: dict[str, int]) -> Facts:
    """Return facts with these answers, all others as in fresh ones."""
    made = Facts()
    for name, value in answers.items():
        setattr(made, name, value)
    return made


def told_in_pages() -> list[dict[str, int]]:
    """Return the answers of every trace in the catalogue's pages, each once."""
    found: dict[tuple[int, int, int], dict[str, int]] = {}
    for slug in endings():
        for section in sections(page(slug)):
            if section.traces:
                real = facts(section.traces)
                found[real.key()] = {name: getattr(real, name) for name in QUESTIONS}
    return list(found.values())


any_answers = st.fixed_dictionaries(
    {name: st.sampled_from(values) for name, values in QUESTIONS.items()}
)
few_answers = st.dictionaries(
    st.sampled_from(sorted(QUESTIONS)), st.integers(0, 2), max_size=4
).map(
    lambda chosen: {
        name: QUESTIONS[name][value % len(QUESTIONS[name])]
        for name, value in chosen.items()
    }
)
near_real = st.builds(
    lambda real, few: {**real, **few}, st.sampled_from(told_in_pages()), few_answers
)
answers = near_real | any_answers
"""Facts of the catalogue's own traces with a few changed; and anything at all."""


def test_the_facts_are_found() -> None:
    """The facts under test are those of the class, sides and booleans."""
    assert QUESTIONS["resetter"] == SIDES
    assert QUESTIONS["reset_has_ack"] == (False, True)
    assert len(QUESTIONS) > 80


@pytest.mark.parametrize("ending", endings().values(), ids=lambda ending: ending.slug)
@settings(max_examples=200, deadline=None)
@given(given_answers=answers)
def test_a_signature_answers_any_facts(
    ending: Ending, given_answers: dict[str, int]
) -> None:
    """No signature raises; a claim names a side, a case, and a strength."""
    claim = ending.signature(facts_of(given_answers))
    if claim is not None:
        assert claim.by in BY
        assert claim.case
        assert claim.strength in STRENGTHS


@settings(max_examples=400, deadline=None)
@given(given_answers=answers)
def test_probabilities_sum_to_one(given_answers: dict[str, int]) -> None:
    """A judgement's probabilities are positive and sum to 1."""
    ranked = judge(facts_of(given_answers)).ranked
    assert all(one.probability > 0 for one in ranked)
    assert sum(one.probability for one in ranked) == pytest.approx(1, abs=1e-12)


@settings(max_examples=400, deadline=None)
@given(given_answers=answers)
def test_the_most_probable_comes_first(given_answers: dict[str, int]) -> None:
    """A judgement is sorted by probability, and by name where that is equal."""
    ranked = judge(facts_of(given_answers)).ranked
    order = [(-one.probability, one.slug) for one in ranked]
    assert all(before < after for before, after in pairwise(order))


@settings(max_examples=400, deadline=None)
@given(given_answers=answers)
def test_every_claim_is_ranked_once(given_answers: dict[str, int]) -> None:
    """The judgement lists each ending that makes a claim, once, and no other."""
    given_facts = facts_of(given_answers)
    claimed = sorted(slug for slug, _ in claims(given_facts))
    ranked = sorted(one.slug for one in judge(given_facts).ranked)
    assert ranked == (claimed or ["unknown"])


def told(judgement: Judgement) -> list[tuple[str, str, str, float]]:
    """Return what a judgement says: each claim with its probability."""
    return [
        (one.slug, one.by, one.claim.case, one.probability) for one in judgement.ranked
    ]


@settings(max_examples=400, deadline=None)
@given(given_answers=answers)
def test_equal_facts_get_equal_judgements(given_answers: dict[str, int]) -> None:
    """Two sets of equal facts have one key and one judgement."""
    one, two = facts_of(given_answers), facts_of(given_answers)
    assert one.key() == two.key()
    assert told(judge(one)) == told(judge(two))


@settings(max_examples=100, deadline=None)
@given(given_answers=answers)
def test_a_key_changes_with_every_fact(given_answers: dict[str, int]) -> None:
    """Facts that differ in one answer have different keys, whichever it is."""
    base = facts_of(given_answers)
    for name, values in QUESTIONS.items():
        keys = {base.key()}
        for value in values:
            if value != getattr(base, name):
                keys.add(facts_of({**given_answers, name: value}).key())
        assert len(keys) == len(values), name


@settings(max_examples=400, deadline=None)
@given(one=answers, few=few_answers)
def test_a_key_loses_nothing(one: dict[str, int], few: dict[str, int]) -> None:
    """Two keys are equal if and only if all answers are."""
    first, second = facts_of(one), facts_of({**one, **few})
    same = all(getattr(first, name) == getattr(second, name) for name in QUESTIONS)
    assert (first.key() == second.key()) == same


def test_a_key_fits_machine_words() -> None:
    """The largest key still fits: compiled, its parts are signed 64-bit numbers."""
    largest = facts_of({name: values[-1] for name, values in QUESTIONS.items()})
    assert all(0 <= word < WORD for word in largest.key())
