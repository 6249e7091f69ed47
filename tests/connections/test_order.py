"""Where a capture's file and its clock disagree, the right one is believed."""

from dataclasses import replace
from typing import Final

import pytest

from lastack.connections.facts import Facts
from lastack.connections.order import is_after
from tests.connections.traced import HANDSHAKE, NONE, facts_of, segments, written

A_QUEUE: Final = 20_000_000
A_BATCH: Final = 1_000_000_000
CLOSED: Final = (
    HANDSHAKE
    + """
+1 > F. 1:1(0) ack 1
+0.01 < F. 1:1(0) ack 2
+0.01 > . 2:2(0) ack 2
+0.002 > . 2:2(0) ack 2
+0.0001 < R 2:2(0)
"""
)
OPEN: Final = HANDSHAKE + "+1 > P. 1:11(10) ack 1\n+0.01 < . 1:1(0) ack 11\n"


def set_back(trace: str, count: int, by: int) -> Facts:
    """Return the facts of a trace whose last `count` segments a set clock timed."""
    parsed = segments(trace)
    late = [replace(one, time=one.time - by) for one in parsed[-count:]]
    return facts_of(written([*parsed[:-count], *late]))


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("by", [500_000_000, 5_000_000_000])
def test_a_clock_set_back_makes_no_close_of_a_reset(count: int, by: int) -> None:
    """What the file has behind both FINs came after the close, by any clock."""
    found = set_back(CLOSED, count, by)
    assert found.resetter == NONE
    assert found.reset_after_close


def test_a_reset_before_the_close_in_time_came_before_it() -> None:
    """A reset that a card's other queue wrote later is no reset after the close."""
    parsed = segments(CLOSED)
    early = replace(parsed[-1], time=parsed[-4].time - 1_000_000)
    assert not facts_of(written([*parsed[:-1], early])).reset_after_close


def test_an_answer_behind_a_clock_set_back_is_an_answer() -> None:
    """Nobody waits for what was acknowledged before its time."""
    assert set_back(OPEN, 1, 500_000_000).waiting == NONE


def test_who_goes_on_behind_a_clock_set_back_goes_on() -> None:
    """The pretended sender of a reset is heard after it, by any clock."""
    forged = OPEN + "+1 < R. 1:1(0) ack 11\n+0.1 < P. 1:101(100) ack 11"
    assert set_back(forged, 1, 500_000_000).reset_sender_goes_on


@pytest.mark.parametrize("believed", [20_000_000, 1_000_000_000])
def test_within_what_is_believed_the_clock_decides(believed: int) -> None:
    """Beyond it the file does, and where the clock shows no difference."""
    assert not is_after(1 - believed, 1, believed)
    assert is_after(-believed, 1, believed)
    assert is_after(believed - 1, -1, believed)
    assert not is_after(believed, -1, believed)
    assert is_after(0, 1, believed)
    assert not is_after(0, -1, believed)


def test_copies_come_in_batches() -> None:
    """Of two interfaces the frames of one may come a while after the other's."""
    parsed = segments(CLOSED)
    early = replace(parsed[-1], time=parsed[-4].time - 500_000_000)
    twice = [replace(one, ttl=one.ttl - hop) for one in parsed[:-1] for hop in range(2)]
    assert facts_of(written([*parsed[:-1], early])).reset_after_close
    assert not facts_of(written([*twice, early])).reset_after_close


def test_who_repeats_in_vain_waits() -> None:
    """The peer's last segment is before its first repetition, in file and clock."""
    again = "+0.3 > P. 11:21(10) ack 1\n"
    assert facts_of(written(segments(OPEN + 3 * again))).waiting == 1


def test_a_full_queue_does_not_make_the_server_wait_for_its_data() -> None:
    """What it repeats though acknowledged is its SYN-ACK; it sent no octet."""
    again = "+1 < S. 0:0(0) ack 1\n+0.01 > . 1:1(0) ack 1\n"
    found = facts_of(written(segments(HANDSHAKE + 4 * again)))
    assert found.repeats_though_acked == NONE
    assert found.syn_ack_repeated


REFUSED: Final = OPEN + "+1 > P. 11:21(10) ack 1\n+0.00002 < R 1:1(0)\n"


@pytest.mark.parametrize(
    ("apart", "answers"), [(-20_000, True), (20_000, True), (200_000, False)]
)
def test_a_reset_that_stands_before_what_it_answers(apart: int, answers: bool) -> None:
    """In the file, and in the clocks of two queues, it may come a moment too early."""
    *before, data, reset = segments(REFUSED)
    crossed = [replace(reset, time=data.time), replace(data, time=data.time + apart)]
    assert facts_of(written([*before, *crossed])).reset_answers_data == answers


def test_a_fin_behind_the_acknowledgement_that_seemed_refused() -> None:
    """What the clock has before the reset is answered by it, wherever it stands."""
    closed = OPEN + "+1 < F. 1:1(0) ack 11\n+0.01 > . 11:11(0) ack 2\n"
    *before, fin, reset = segments(
        closed + "+0.01 > F. 11:11(0) ack 2\n+0.0001 < R 2:2(0)"
    )
    found = facts_of(written([*before, reset, fin]))
    assert found.reset_answers_fin
    assert found.other_knew_fin


def test_a_fin_that_is_later_by_the_clock_closed_nothing_before() -> None:
    """A reset behind a FIN in the file alone is no answer of a closed socket."""
    *before, reset, fin = segments(REFUSED + "+0.001 < F. 1:1(0) ack 11")
    assert not facts_of(written([*before, fin, reset])).resetter_closed
    at_once = [replace(fin, time=reset.time), reset]
    assert facts_of(written([*before, *at_once])).resetter_closed
