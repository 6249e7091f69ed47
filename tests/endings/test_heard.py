"""What a segment proves that arrived, or that another had forged."""

from typing import Final

import pytest

from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from tests.endings.pages import verdict

TALK: Final = """
0       > S 0:0(0) win 64240 {{ttl {ttl}}}
+.04    < S. 0:0(0) ack 1 win 65160 {{ttl 54, id 0}}
+{react} > . 1:1(0) ack 1 win 502 {{ttl {ttl}}}
+0      > P. 1:101(100) ack 1 win 502 {{ttl {ttl}}}
+.04    < P. 1:301(300) ack 101 win 509 {{ttl 54}}
+{react} > . 101:101(0) ack 301 win 502 {{ttl {ttl}}}
"""
PROBE: Final = """
+10     > . 100:100(0) ack 301 win 502 {{ttl {ttl}}}
+.04    < . 301:301(0) ack 101 win 509 {{ttl 54}}
"""
ABORT: Final = "+9.96 > R. 101:101(0) ack 301 win 502 {{ttl {ttl}}}"
STAMPED: Final = """
0     > S 0:0(0) win 64240 <sackOK,TS val 1 ecr 0,nop,wscale 7>
+.01  < S. 0:0(0) ack 1 win 65160 <sackOK,TS val 9 ecr 1,nop,wscale 7> {id 0}
+0    > . 1:1(0) ack 1 win 502 <nop,nop,TS val 2 ecr 9>
+0    > P. 1:101(100) ack 1 win 502 <nop,nop,TS val 2 ecr 9>
+.01  < . 1:1(0) ack 101 win 509 <nop,nop,TS val 10 ecr 2>
"""


def odds(judgement: Judgement) -> dict[str, float]:
    """Return the probability of each ending."""
    return {one.slug: one.probability for one in judgement.ranked}


@pytest.mark.parametrize(
    ("ttl", "react", "heard"),
    [(64, ".00003", True), (54, ".00003", False), (64, ".03", False)],
    ids=["at-its-host", "on-the-path", "at-its-peer"],
)
def test_answers_that_reached_the_prober(ttl: int, react: str, heard: bool) -> None:
    """Captured at the prober's host, answered probes are no keepalive time-out."""
    trace = (TALK + 4 * PROBE + ABORT).format(ttl=ttl, react=react)
    found = odds(verdict((trace,)))
    assert (found["keepalive-timeout"] < 0.1) == heard
    assert (found["keepalive-timeout"] > 0.5) != heard
    assert found["unread-data-at-close"] > 0


@pytest.mark.parametrize(
    ("stamps", "slug"),
    [("", "injected-reset"), (" <nop,nop,TS val 11 ecr 2>", "peer-lost-state")],
    ids=["without", "with"],
)
def test_who_refuses_what_was_forged_had_lost_nothing(stamps: str, slug: str) -> None:
    """A FIN without the timestamps that were agreed on is not that side's own."""
    fin = (
        f"+1 < F. 1:1(0) ack 101 win 509{stamps}\n+.00003 > R 101:101(0) win 0 {{id 0}}"
    )
    first = verdict((STAMPED + fin,)).first
    assert first.slug == slug
    assert first.probability < CONFIDENT


def test_a_single_probe_may_have_been_followed_by_a_lost_one() -> None:
    """Behind one answered probe a keepalive time-out is listed, and not more."""
    found = odds(verdict(((TALK + PROBE + ABORT).format(ttl=54, react=".03"),)))
    assert 0 < found["keepalive-timeout"] < 0.2


HOLE: Final = """
0     > S 0:0(0) win 64240
+.01  < S. 0:0(0) ack 1 win 65160 {id 0}
+0    > . 1:1(0) ack 1 win 502
+1.6  > F. 901:901(0) ack 1 win 502
+0    < . 1:1(0) ack {ack} win 509
"""


@pytest.mark.parametrize(("ack", "taken"), [(1, False), (902, True)])
def test_a_fin_beyond_a_hole_is_no_end_of_file(ack: int, taken: bool) -> None:
    """Who does not acknowledge a FIN, since data is missing, was not asked to close."""
    found = odds(verdict((HOLE.replace("{ack}", str(ack)),)))
    assert (found["still-open"] > 0.5) != taken
    assert ("retransmission-timeout" in found) != taken
