"""A reset that answers the handshake's last step: by whom, and why."""

from typing import Final

import pytest

from lastack.diagnosis.score import CONFIDENT
from tests.endings.pages import facts, verdict

# The client's ACK is held up; the server's second repetition was its last so far.
WAITING: Final = """
0     > S 0:0(0) win 64240 <mss 1460>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460> {id 0}
+1    < S. 0:0(0) ack 1 win 65160 <mss 1460> {id 0}
+2    < S. 0:0(0) ack 1 win 65160 <mss 1460> {id 0}
"""
ANSWERED: Final = "".join(WAITING.splitlines(keepends=True)[:3])


@pytest.mark.parametrize(
    ("wait", "first"), [("3", "listener-closed"), ("9", "handshake-incomplete")]
)
def test_behind_an_overdue_syn_ack_no_listener_need_have_closed(
    wait: str, first: str
) -> None:
    """Four seconds after the last one the next was due: the request had expired."""
    late = f"+{wait} > P. 1:101(100) ack 1 win 502\n+.01 < R 1:1(0) win 0 {{id 0}}"
    found = verdict((WAITING + late,)).first
    assert found.slug == first
    assert (found.probability > CONFIDENT) == (wait == "9")


def test_a_handshake_that_was_completed_is_not_incomplete() -> None:
    """A reset before the client's last step may refuse it; behind it nothing does."""
    reset = "+2 < R. 1:1(0) ack 1 win 509"
    listed = [
        {one.slug for one in verdict((trace + reset,)).ranked}
        for trace in (ANSWERED, ANSWERED + "+0 > . 1:1(0) ack 1 win 502\n")
    ]
    assert ["handshake-incomplete" in one for one in listed] == [True, False]


def test_who_repeats_to_a_silent_server_may_have_met_a_full_queue() -> None:
    """Data that is ignored before it is refused had found no place to wait."""
    data = "> P. 1:101(100) ack 1 win 502\n"
    open_ = ANSWERED + "+0 > . 1:1(0) ack 1 win 502\n"
    refused = "+.01 < R 1:1(0) win 0 {id 0}"
    listed = [
        {one.slug for one in verdict((open_ + sent + refused,)).ranked}
        for sent in (f"+.1 {data}+.3 {data}+.6 {data}", f"+.1 {data}")
    ]
    assert ["accept-queue-overflow" in one for one in listed] == [True, False]


def test_a_port_that_is_closed_later_had_a_listener_that_is_gone() -> None:
    """Who refuses the last step, and then the next SYN, has closed in between."""
    refused = ANSWERED + "+0 > . 1:1(0) ack 1 win 502\n+.01 < R 1:1(0) win 0 {id 0}"
    syn = "5 > S 0:0(0) win 64240\n+.01 < R. 0:0(0) ack 1 win 0 {id 0}"
    assert not facts((refused,)).listener_gone
    assert facts((refused, syn)).listener_gone
