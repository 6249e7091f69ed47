"""Who gave up a closed window before it was reset is not forgotten."""

from typing import Final

import pytest

from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from tests.endings.pages import capture, facts, verdict
from tests.judged import judged

CLOSED: Final = """
+0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
+.01  < S. 0:0(0) ack 1 win 2920 <mss 1460> {id 0}
+0    > . 1:1(0) ack 1 win 502
+0    > P. 1:1461(1460) ack 1 win 502
+.01  < . 1:1(0) ack 1461 win 1460
+0    > P. 1461:2921(1460) ack 1 win 502
+.01  < . 1:1(0) ack 2921 win 0
+.22  > . 2920:2920(0) ack 1 win 502
+.01  < . 1:1(0) ack 2921 win 0
+.44  > . 2920:2920(0) ack 1 win 502
+.01  < . 1:1(0) ack 2921 win 0
"""


def reset_after(wait: str) -> Judgement:
    """Return the judgement on a reader that resets after another `wait` seconds."""
    return verdict((f"{CLOSED}+{wait} < R. 1:1(0) ack 2921 win 2920",))


def told(trace: str) -> list[str]:
    """Return the sentence on each connection of a trace."""
    found = judged(capture((trace,)))
    return [found.diagnosis(at).summary for at in range(len(found.connections))]


def odds(judgement: Judgement) -> dict[str, float]:
    """Return the probability of each ending."""
    return {one.slug: one.probability for one in judgement.ranked}


def test_a_reset_before_the_next_probe_is_due_ends_it() -> None:
    """While the writer still probes, its reader's reset is what ended it."""
    found = odds(reset_after(".5"))
    assert found["unread-data-at-close"] > 0.99
    assert "zero-window-stall" not in found


def test_a_probe_that_did_not_come_may_have_been_lost() -> None:
    """One that is overdue lets the writer's end, which nobody saw, be listed."""
    found = odds(reset_after("1.8"))
    assert 0.1 < found["zero-window-stall"] < found["unread-data-at-close"] < CONFIDENT


def test_who_probes_no_more_has_given_up() -> None:
    """Where several probes are missing the writer had ended before the reader did."""
    silent = reset_after("9")
    assert (silent.first.slug, silent.first.by) == ("zero-window-stall", "server")
    assert silent.first.probability < CONFIDENT
    assert odds(silent)["unread-data-at-close"] > 0.1


def test_who_gave_up_is_not_told_to_wait() -> None:
    """The sentence of a stall that a reset ended is in the past."""
    (said,) = told(f"{CLOSED}+9 < R. 1:1(0) ack 2921 win 2920")
    assert "gave up the data that it had to send" in said
    (said,) = told(CLOSED)
    assert "waits with data to send" in said


@pytest.mark.parametrize(
    ("wait", "overdue"), [("1.24", 0), ("1.49", 1), ("3.24", 1), ("3.49", 2)]
)
def test_one_probe_is_missing_from_three_intervals_on_and_more_from_seven(
    wait: str, overdue: int
) -> None:
    """Each interval is twice the last: where one probe was lost six may pass."""
    trace = CLOSED.replace("+.44 ", "+.49 ") + f"+{wait} < R. 1:1(0) ack 2921 win 2920"
    assert facts((trace,)).prober_overdue == overdue
