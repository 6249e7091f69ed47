"""Captures that begin late or end early: the truth is listed, and nothing is sure."""

from typing import Final

import pytest

from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from tests.endings.pages import verdict

OPEN: Final = """
0    > S 0:0(0) win 64240
+.01 < S. 0:0(0) ack 1 win 65160 {id 0}
+0   > . 1:1(0) ack 1 win 502
+0   > P. 1:101(100) ack 1 win 502
+.01 < P. 1:301(300) ack 101 win 509
+0   > . 101:101(0) ack 301 win 501
"""
HALF: Final = (
    OPEN + "+1 < F. 301:301(0) ack 101 win 509\n+.04 > . 101:101(0) ack 302 win 501\n"
)
OTHER: Final = "0 > S 0:0(0) win 64240\n+{after} < S. 0:0(0) ack 1 win 65160 {{id 0}}"


def odds(judgement: Judgement) -> dict[str, float]:
    """Return the probability of each ending."""
    return {one.slug: one.probability for one in judgement.ranked}


@pytest.mark.parametrize(
    "offence",
    [
        "> P. 5001:5101(100) ack 7001 win 502\n+.0001 ",
        "> . 5001:5001(0) ack 7001 win 502\n+.0001 ",
        "> F. 5001:5001(0) ack 7001 win 502\n+.0001 ",
        "",
    ],
    ids=["data", "ack", "fin", "nothing"],
)
def test_a_host_that_only_refuses_may_have_closed(offence: str) -> None:
    """Of a lone refusal nobody knows the cause; what it is as a rule is listed."""
    lone = verdict((f"0 {offence}< R 7001:7001(0) win 0 {{id 0}}",))
    found = odds(lone)
    assert lone.first.probability < CONFIDENT
    assert found["data-after-close"] > 0.05
    assert {"unknown", "peer-lost-state", "listener-closed"} <= found.keys()
    assert {"accept-queue-overflow", "unread-data-at-close"} <= found.keys()


def test_a_host_that_only_aborts_had_a_socket() -> None:
    """Of a lone abort nobody knows the cause; those of a live socket are listed."""
    lone = verdict(("0 < R. 7001:7001(0) ack 5001 win 502",))
    found = odds(lone)
    assert lone.first.slug == "unknown"
    assert lone.first.probability < CONFIDENT
    assert {"unread-data-at-close", "linger-zero", "listener-closed"} <= found.keys()


def test_two_acknowledgements_may_be_the_last_of_a_close() -> None:
    """One bare ACK of each side is all that is left of FINs that crossed."""
    acks = "0 > . 5001:5001(0) ack 7001 win 502\n+.0001 < . 7001:7001(0) ack 5001 win 9"
    found = odds(verdict((acks,)))
    assert found["still-open"] < 0.75
    assert "orderly-close" in found
    third = acks + "\n+1 > P. 5001:5002(1) ack 7001 win 502\n"
    third += "+.01 < . 7001:7001(0) ack 5002 win 9"
    assert odds(verdict((third,)))["still-open"] > 0.99


@pytest.mark.parametrize(
    ("after", "low", "high"), [(1.5, 0.6, CONFIDENT), (9, 0.95, 1)], ids=["now", "late"]
)
def test_a_peer_needs_time_to_close(after: float, low: float, high: float) -> None:
    """Where the capture ends right behind a FIN, its peer has not failed to close."""
    found = odds(verdict((HALF, OTHER.format(after=after))))
    assert low < found["fin-unanswered"] < high
    assert (found.get("still-open", 0) > 0.1) == (after < 2)
    assert ("orderly-close" in found) == (after < 2)


@pytest.mark.parametrize(
    "before",
    [
        "0 < . 7000:7000(0) ack 5001 win 502\n+1 ",
        "0 < . 7000:7000(0) ack 5001 win 9\n+0 > . 5001:5001(0) ack 7001 win 9\n+1 ",
    ],
    ids=["one-way", "both"],
)
def test_an_abort_in_the_middle_may_leave_data_unread(before: str) -> None:
    """What was received before the capture began is not seen to be unread."""
    abort = verdict((before + "< R. 7001:7001(0) ack 5001 win 502",))
    assert abort.first.probability < CONFIDENT
    assert {"unread-data-at-close", "linger-zero"} <= odds(abort).keys()


def test_an_abort_behind_bare_acknowledgements_may_be_keepalives() -> None:
    """Of one direction, probes look like acknowledgements: the time-out is listed."""
    probes = "0 < . 7000:7000(0) ack 5001 win 5\n+1 < . 7000:7000(0) ack 5001 win 5\n"
    found = odds(verdict((probes + "+1 < R. 7001:7001(0) ack 5001 win 5",)))
    assert found["keepalive-timeout"] > 0


def test_who_challenges_may_have_closed_before_the_capture() -> None:
    """A SYN that meets a socket of which little was seen is not surely its end."""
    left = "0 < F. 7001:7001(0) ack 5001 win 9\n+.01 > . 5001:5001(0) ack 7002 win 9\n"
    syn = "+1 > S 9000:9000(0)\n+0 < . 7002:7002(0) ack 5001\n+.01 > R 5001:5001(0)"
    assert verdict((left + syn,)).first.probability < CONFIDENT
