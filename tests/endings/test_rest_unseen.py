"""A direction that falls out of the capture behind the handshake leaves doubt."""

from typing import Final

import pytest

from lastack.connections.facts import Facts
from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from tests.connections.traced import CLIENT_SIDE, NONE, SERVER_SIDE
from tests.endings.pages import facts, verdict

OPEN: Final = """
0     > S 0:0(0) win 64240 <mss 1460>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460>
+.01  > . 1:1(0) ack 1 win 502
"""
ASKED: Final = OPEN + "+.1 > P. 1:101(100) ack 1 win 502\n"
# The server's answer is acknowledged, and in no frame.
HEARD: Final = ASKED + "+.02 > . 101:101(0) ack 201 win 501\n"
BOTH_HEARD: Final = ASKED + "+.02 < P. 1:201(200) ack 101 win 509\n"
# Another connection, so that the capture goes on.
LATER: Final = "9 > S 0:0(0) win 64240"


def seen(trace: str, *others: str) -> Facts:
    """Return the facts of the first of these connections."""
    return facts((trace, *others))


def said(trace: str, *others: str) -> Judgement:
    """Return the judgement on the first of these connections."""
    return verdict((trace, *others))


def listed(judgement: Judgement) -> set[str]:
    """Return the endings that are listed."""
    return {one.slug for one in judgement.ranked}


def test_data_that_nobody_repeats_was_answered_out_of_sight() -> None:
    """Every kernel repeats what is not acknowledged; who does not, has heard."""
    assert seen(BOTH_HEARD, LATER).rest_unseen == CLIENT_SIDE
    doubt = said(BOTH_HEARD, LATER)
    assert doubt.first.probability < 0.6
    assert {"unread-data-at-close", "linger-zero", "still-open"} <= listed(doubt)
    assert seen(BOTH_HEARD).rest_unseen == NONE
    assert said(BOTH_HEARD).first.slug == "still-open"
    assert said(BOTH_HEARD).first.probability < CONFIDENT


@pytest.mark.parametrize(
    "trace",
    [
        "0 > S 0:0(0) win 64240",
        ASKED + "+.3 > P. 1:101(100) ack 1 win 502\n" * 3,
        OPEN + "+1 > . 0:0(0) ack 1 win 502",
    ],
    ids=["no-connection", "repeated", "a-probe"],
)
def test_who_repeats_hears_nothing_and_a_probe_is_in_no_hurry(trace: str) -> None:
    """Only data that a connection sent once shows by silence that it was heard."""
    assert seen(trace, LATER).rest_unseen == NONE


def test_an_answer_that_is_acknowledged_and_in_no_frame() -> None:
    """Of a server of which nothing is seen but its SYN-ACK nobody knows the end."""
    assert seen(HEARD).rest_unseen == SERVER_SIDE
    assert said(HEARD).first.probability < CONFIDENT
    assert seen(HEARD + "+1 < P. 201:301(100) ack 101 win 509").rest_unseen == NONE


@pytest.mark.parametrize(("wait", "by"), [(".008", "both"), (".03", "client")])
def test_which_fin_was_first_is_told_by_the_round_trip(wait: str, by: str) -> None:
    """An unseen FIN acknowledged in less than a round trip had crossed the other."""
    closed = HEARD + "+1 > F. 101:101(0) ack 201 win 501\n"
    found = said(closed + f"+{wait} > . 102:102(0) ack 202 win 501")
    assert (found.first.slug, found.first.by) == ("orderly-close", by)
    assert found.first.probability < CONFIDENT


def test_who_closed_may_refuse_what_comes_later_out_of_sight() -> None:
    """Data behind a FIN that only its acknowledgement shows may have been reset."""
    closed = BOTH_HEARD + "+.1 < . 201:201(0) ack 102 win 509\n"
    found = said(closed + "+.1 < P. 201:501(300) ack 102 win 509")
    assert found.first.probability < CONFIDENT
    assert {"data-after-close", "fin-unanswered", "still-open"} <= listed(found)


def test_who_waits_for_the_one_that_closed_is_not_to_blame() -> None:
    """It still sends to who closed out of sight: it was rather refused than slow."""
    closed = BOTH_HEARD + "+.1 < . 201:201(0) ack 102 win 509\n"
    found = said(closed + "+.1 < P. 201:501(300) ack 102 win 509", LATER)
    chance = {one.slug: one.probability for one in found.ranked}
    assert chance["data-after-close"] > 2 * chance["fin-unanswered"]
