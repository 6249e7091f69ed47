"""Boxes on the path answer as kernels do not: by RST and ACK, or when time is over."""

from typing import Final

from lastack.diagnosis.score import CONFIDENT
from tests.endings.pages import verdict

# The server is eight hops away, and counts its IP IDs.
TALK: Final = """
0      > S 0:0(0) win 64240 <mss 1460>
+.04   < S. 0:0(0) ack 1 win 8192 <mss 1460> {ttl 120, id 900}
+0     > . 1:1(0) ack 1 win 502
+0     > P. 1:101(100) ack 1 win 502
+.04   < P. 1:301(300) ack 101 win 513 {ttl 120, id 901}
+0     > . 101:101(0) ack 301 win 502
"""
ASKED: Final = (
    "+400 > P. 101:201(100) ack 301 win 502\n+.02 < R. 301:301(0) ack 201 win 0 "
)
SWEPT: Final = "+400 < R. 301:301(0) ack 101 win 0 {ttl 249, id 3}"


def odds(trace: str) -> dict[str, float]:
    """Return the probability of each ending, the likeliest first."""
    return {one.slug: one.probability for one in verdict((trace,)).ranked}


def test_a_box_that_forgot_the_flow_acknowledges_what_it_rejects() -> None:
    """With another TTL, and all of the segment acknowledged, it is an answer."""
    found = odds(TALK + ASKED + "{ttl 249, id 4711}")
    assert next(iter(found)) == "firewall-reset"
    assert found["firewall-reset"] < CONFIDENT
    assert found["injected-reset"] > 0.1


def test_a_box_that_dislikes_a_request_may_be_a_forger() -> None:
    """In the midst of a talk nobody can say whether policy or malice answers."""
    found = odds(TALK + ASKED.replace("+400", "+.5") + "{ttl 249, id 4711}")
    assert found["firewall-reset"] < 0.8
    assert found["injected-reset"] > 0.2


def test_an_answer_with_the_hosts_ttl_may_be_a_boxs() -> None:
    """Of one distance, and out of the host's count: a box, or a host that forgot."""
    found = odds(TALK + ASKED + "{ttl 120, id 0}")
    assert found["firewall-reset"] > 0.1
    assert found["peer-lost-state"] > found["unread-data-at-close"] > 0.1


def test_what_acknowledges_less_answers_nothing() -> None:
    """A reset with another TTL that does not know the latest segment is forged."""
    found = odds(TALK + ASKED.replace("ack 201", "ack 101") + "{ttl 249, id 4711}")
    assert found["injected-reset"] > CONFIDENT


def test_a_reset_when_idle_time_is_over_may_be_policy() -> None:
    """Answering nothing it is forged by definition; a box's time limit is listed."""
    found = odds(TALK + SWEPT)
    assert next(iter(found)) == "injected-reset"
    assert 0.05 < found["firewall-reset"] < 0.2
    assert "firewall-reset" not in odds(TALK + SWEPT.replace("+400", "+4"))


def test_a_foreign_reset_in_the_form_of_an_answer_is_not_surely_forged() -> None:
    """What netfilter's reset answers may have been lost on its way here."""
    found = odds(TALK + "+3 < R 301:301(0) win 0 {ttl 62, id 0}")
    assert next(iter(found)) == "injected-reset"
    assert found["injected-reset"] < 0.8
    assert found["firewall-reset"] > 0.2
