"""Small stacks answer by the very reset that others abort with."""

from typing import Final

import pytest

from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from tests.endings.pages import verdict

# lwIP: TTL 255, no timestamps, a running IP ID.
TALK: Final = """
0      > S 0:0(0) win 64240
+.0001 < S. 0:0(0) ack 1 win 5840 {ttl 255, id 100}
+.04   > . 1:1(0) ack 1 win 502
+0     > P. 1:101(100) ack 1 win 502
+.0001 < . 1:1(0) ack 101 win 5840 {ttl 255, id 101}
+.003  < P. 1:301(300) ack 101 win 5840 {ttl 255, id 102}
+.04   > . 101:101(0) ack 301 win 502
"""
FIN: Final = """
+1     < F. 301:301(0) ack 101 win 5840 {ttl 255, id 103}
+.04   > . 101:101(0) ack 302 win 502
"""
LATE: Final = "+30 > P. 101:201(100) ack {ack} win 502\n+.00005 < R. {ack}:{ack}(0)"


def late(trace: str, ack: int, rest: str) -> Judgement:
    """Return the judgement on data half a minute later, and what it is met with."""
    return verdict((trace + LATE.format(ack=ack) + rest,))


def odds(judgement: Judgement) -> dict[str, float]:
    """Return the probability of each ending."""
    return {one.slug: one.probability for one in judgement.ranked}


def test_data_behind_the_fin_of_a_small_stack() -> None:
    """Behind a FIN long acknowledged it rather answers data than aborts."""
    refused = late(TALK + FIN, 302, " ack 201 win 5840 {ttl 255, id 104}")
    assert refused.first.slug == "data-after-close"
    assert refused.first.probability < CONFIDENT
    assert odds(refused)["unread-data-at-close"] > 0.1


@pytest.mark.parametrize(("ip_id", "least"), [(13, 0.3), (103, 0.1)])
def test_a_small_stack_that_restarted(ip_id: int, least: float) -> None:
    """Without a FIN it may have forgotten, the more so if its IP ID begins anew."""
    rest = f" ack 201 win 5840 {{ttl 255, id {ip_id}}}"
    found = odds(late(TALK, 301, rest))
    assert least < found["peer-lost-state"] < CONFIDENT
    assert found["unread-data-at-close"] > 0.1


@pytest.mark.parametrize(
    "rest",
    [
        " ack 101 win 5840 {ttl 255, id 104}",
        " ack 201 win 5840 <nop,nop,TS val 3 ecr 4> {ttl 255, id 104}",
    ],
    ids=["acknowledges-nothing-new", "timestamps"],
)
def test_else_it_is_an_abort(rest: str) -> None:
    """What ignores the data, or has a socket's timestamps, answers nothing."""
    assert "data-after-close" not in odds(late(TALK + FIN, 302, rest))


def test_a_usual_stack_does_not_answer_so() -> None:
    """A system whose TTL begins at 64 refuses without an ACK."""
    usual = (TALK + FIN).replace("ttl 255", "ttl 64")
    found = odds(late(usual, 302, " ack 201 win 5840 {ttl 64, id 104}"))
    assert "data-after-close" not in found
