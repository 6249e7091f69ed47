"""Captures of one direction: an unseen FIN is told by its acknowledgement."""

from typing import Final

import pytest

from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from lastack.tcp.notation import SERVER, parse_trace
from lastack.tcp.segment import Address
from tests.connections.traced import written
from tests.endings.pages import verdict
from tests.judged import judged

ASKED: Final = """
0    > S 0:0(0) win 64240
+.02 > . 1:1(0) ack 1 win 502
+0   > P. 1:101(100) ack 1 win 502
+.02 > . 101:101(0) ack 301 win 501
"""
CLOSED: Final = "+1 > F. 101:101(0) ack 301\n+.02 > . 102:102(0) ack 302"


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
        (CLOSED, "client", 0.7),
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
        CLOSED + "\n+1 > . 102:102(0) ack 702",
    ],
    ids=["nothing", "more-before", "more-behind"],
)
def test_else_an_orderly_close_is_likely_only(end: str) -> None:
    """More octets are data; then the unseen side may have closed as one does."""
    found = verdict((ASKED + end,))
    assert found.first.slug == "orderly-close"
    assert found.first.probability < 0.8
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


@pytest.mark.parametrize(
    ("trace", "by"),
    [
        (ASKED, "server"),
        (
            """
0    < S. 0:0(0) ack 1 win 65160 {id 0}
+.02 < . 1:1(0) ack 101 win 502
+0   < P. 1:301(300) ack 101 win 502
""",
            "client",
        ),
    ],
    ids=["client-seen", "server-seen"],
)
def test_who_is_not_seen_may_have_ended_it(trace: str, by: str) -> None:
    """Of one direction without an end, what the other may have done is listed."""
    said = verdict((trace,))
    assert said.first.slug == "still-open"
    assert said.first.probability < 0.7
    listed = {(one.slug, one.by) for one in said.ranked}
    assert {("unread-data-at-close", by), ("linger-zero", by)} <= listed
    assert {("data-after-close", by), ("peer-lost-state", by)} <= listed


def test_what_is_repeated_often_was_not_acknowledged_unseen() -> None:
    """Also of one direction a series of repeats is a retransmission time-out."""
    repeats = "".join(f"+{1 << n} > P. 1:101(100) ack 1\n" for n in range(6))
    first = verdict(("0 > S 0:0(0)\n+.02 > . 1:1(0) ack 1\n" + repeats,)).first
    assert (first.slug, first.by) == ("retransmission-timeout", "client")
    assert first.probability < CONFIDENT


def test_an_error_about_who_is_not_seen_rejected_no_syn() -> None:
    """ICMP errors about an unseen server's data tell that it repeats itself in vain."""
    error = "+1 icmp unreachable host from 203.0.113.1 [< P. 301:401(100) ack 101]"
    found = verdict((ASKED + error,))
    assert (found.first.slug, found.first.by) != ("icmp-rejected", "path")
    assert "retransmission-timeout" in odds(found)


def test_where_no_answer_is_in_the_capture_a_syn_may_have_had_one() -> None:
    """Beside another one-way connection its silence is the capture's, perhaps."""
    syns = "0 > S 0:0(0)\n+1 > S 0:0(0)\n+2 > S 0:0(0)\n"
    other = Address(SERVER.host, SERVER.port + 1)
    beside = parse_trace(ASKED.replace("0    >", "4    >", 1), server=other)
    found = judged(written([*parse_trace(syns), *beside])).judgements[0]
    assert odds(found)["unknown"] > 0.25


def test_the_side_that_an_error_is_about_is_the_one_in_vain() -> None:
    """An error that quotes the unseen server's data is none about the client's."""
    error = "+1 icmp unreachable host from 203.0.113.1"
    unseen = odds(verdict((f"{ASKED}{error} [< P. 301:401(100) ack 101]",)))
    own = odds(verdict((f"{ASKED}{error} [> P. 101:201(100) ack 301]",)))
    assert unseen["retransmission-timeout"] > 0.5 > own["retransmission-timeout"]
