"""A reset in another's name: what of its moment and of its company speaks for that."""

from typing import Final

from tests.connections.test_forged import TALK
from tests.endings.pages import verdict

ASKED: Final = TALK + "+.1 > P. 31:41(10) ack 1\n"


def odds(trace: str) -> dict[str, float]:
    """Return the probability of each ending."""
    return {one.slug: one.probability for one in verdict((trace,)).ranked}


def test_an_answer_too_fast_for_its_host_is_rather_forged() -> None:
    """Who answers from nearer by than the host is a box, or else a forger."""
    fast = odds(ASKED + "+.001 < R 1:1(0) win 0 {id 0}")
    in_time = odds(ASKED + "+.02 < R 1:1(0) win 0 {id 0}")
    assert fast["injected-reset"] > 2 * in_time.get("injected-reset", 0.0)
