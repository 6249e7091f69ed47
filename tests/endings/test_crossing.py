"""What crosses on its way: an abort and a close, a FIN and its loss."""

from typing import Final

import pytest

from lastack.connections.decisive import decisive_reset
from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from tests.connections.traced import connection_of
from tests.endings.pages import verdict

BEGUN: Final = """
0     > S 0:0(0) win 64240
+.1   < S. 0:0(0) ack 1 win 65160 {id 0}
+0    > . 1:1(0) ack 1 win 502
+0    > P. 1:101(100) ack 1 win 502
+.1   < . 1:1(0) ack 101 win 509 {id 7}
"""
CROSSED: Final = (
    BEGUN
    + """
+.05  > F. 101:101(0) ack 1 win 502
+.02  < P. 1:301(300) ack 101 win 509 {id 8}
+0    > R 101:101(0) win 0 {id 0}
"""
)
ABORT: Final = "+.00002 < R. 301:301(0) ack 101 win 509 {id 9}"


def odds(judgement: Judgement) -> dict[tuple[str, str], float]:
    """Return the probability of each ending and side."""
    return {(one.slug, one.by): one.probability for one in judgement.ranked}


def test_an_abort_that_crosses_the_refusal_came_first() -> None:
    """A host answers no reset by one: that of the refused side left before."""
    first = verdict((CROSSED + ABORT,)).first
    assert (first.slug, first.by) == ("unread-data-at-close", "server")
    assert first.probability < CONFIDENT


@pytest.mark.parametrize(
    "later",
    [
        "",
        "+.1 < R 1:1(0) win 0 {id 0}",
        "+5 < R. 301:301(0) ack 101 win 509 {id 9}",
        "+.00002 < R. 301:301(0) ack 102 win 509 {id 9}",
        "+.00002 < R. 301:301(0) ack 101 win 509 {ttl 63, id 9}",
    ],
    ids=["none", "an-answer", "long-after", "knew-the-fin", "another-ttl"],
)
def test_else_the_refusal_ended_it(later: str) -> None:
    """Answers, what comes too late or from elsewhere, and who knew, do not count."""
    reset = decisive_reset(connection_of(CROSSED + later))
    assert reset is not None
    assert reset.segment.frame == 8


def test_a_fin_that_was_lost_on_its_way_is_listed() -> None:
    """Who refuses data without a FIN here may have sent one that never arrived."""
    refused = BEGUN + "+1 > P. 101:201(100) ack 1 win 502\n+.1 < R 1:1(0) win 0 {id 0}"
    found = odds(verdict((refused,)))
    assert 0 < found["data-after-close", "server"] < 0.1
    assert found["peer-lost-state", "server"] > 0.5


def test_data_that_crossed_a_fin_need_not_be_meant_for_a_half_closed_peer() -> None:
    """Only who had acknowledged the FIN, and went on, is known to go on."""
    open_ = "\n".join(BEGUN.strip().splitlines()[:3])
    closed = open_ + "\n+.5 > F. 1:1(0) ack 1\n"
    crossed = closed + "+.001 < P. 1:301(300) ack 1\n+.1 < . 301:301(0) ack 2\n"
    knew = closed + "+.1 < . 1:1(0) ack 2\n+.1 < P. 1:301(300) ack 2\n"
    end = "+0 > . 2:2(0) ack 301\n+1 < F. 301:301(0) ack 2\n+0 > . 2:2(0) ack 302"
    for before, sure in ((crossed, False), (knew, True)):
        first = verdict((before + end,)).first
        assert (first.slug, first.probability > CONFIDENT) == ("half-close", sure)
