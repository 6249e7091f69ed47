"""Captures of one direction: an unseen FIN is told by its acknowledgement."""

from typing import Final

import pytest

from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from tests.endings.pages import verdict

ASKED: Final = """
0    > S 0:0(0) win 64240
+.02 > . 1:1(0) ack 1 win 502
+0   > P. 1:101(100) ack 1 win 502
+.02 > . 101:101(0) ack 301 win 501
"""


def odds(judgement: Judgement) -> dict[str, float]:
    """Return the probability of each ending."""
    return {one.slug: one.probability for one in judgement.ranked}


@pytest.mark.parametrize(
    ("end", "by", "least"),
    [
        (
            "+1 > . 101:101(0) ack 302 win 501\n+0 > F. 101:101(0) ack 302",
            "server",
            0.9,
        ),
        ("+1 > F. 101:101(0) ack 302 win 501", "server", 0.9),
        ("+1 > F. 101:101(0) ack 301\n+.02 > . 102:102(0) ack 302", "client", 0.7),
    ],
    ids=["server-first", "in-the-same-segment", "client-first"],
)
def test_one_octet_more_beside_the_own_fin_is_a_fin(
    end: str, by: str, least: float
) -> None:
    """Who closes and acknowledges one octet, last of all, has heard the other's FIN."""
    first = verdict((ASKED + end,)).first
    assert (first.slug, first.by) == ("orderly-close", by)
    assert first.probability > least


@pytest.mark.parametrize(
    "end",
    [
        "+1 > F. 101:101(0) ack 301 win 501",
        "+1 > . 101:101(0) ack 302 win 501\n+1 > F. 101:101(0) ack 402 win 501",
        "+1 > F. 101:101(0) ack 301\n+.02 > . 102:102(0) ack 302\n+1 > . 102:102(0) ack 702",
    ],
    ids=["nothing", "more-before", "more-behind"],
)
def test_else_an_orderly_close_is_likely_only(end: str) -> None:
    """More octets are data; then the unseen side may have closed as one does."""
    found = verdict((ASKED + end,))
    assert found.first.slug == "orderly-close"
    assert found.first.probability < CONFIDENT
    assert 0 < odds(found)["fin-unanswered"] < 0.1


def test_a_last_octet_without_a_close_is_data() -> None:
    """One octet that is acknowledged is no FIN while the seen side goes on."""
    assert verdict((ASKED + "+1 > . 101:101(0) ack 302",)).first.slug == "still-open"


@pytest.mark.parametrize(("wait", "least"), [(70, 0.2), (2, 0.01)])
def test_a_late_fin_may_have_met_nobody(wait: int, least: float) -> None:
    """Behind an unseen FIN and a pause the own one is perhaps refused, unheard."""
    late = f"+1 > . 101:101(0) ack 302 win 501\n+{wait} > F. 101:101(0) ack 302"
    found = verdict((ASKED + late,))
    assert found.first.probability < CONFIDENT
    assert odds(found)["fin-wait-2-expired"] > least
