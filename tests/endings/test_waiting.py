"""Who repeats its data at the end of a capture may yet be answered."""

from typing import Final

from lastack.diagnosis.score import CONFIDENT
from tests.endings.pages import verdict

REPEATED: Final = """
0     > S 0:0(0) win 64240 <mss 1460>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460>
+0    > . 1:1(0) ack 1 win 502
+.1   > P. 1:101(100) ack 1 win 502
+.3   > P. 1:101(100) ack 1 win 502
+.6   > P. 1:101(100) ack 1 win 502
"""
LATER: Final = "9 > S 0:0(0) win 64240"


def test_silence_behind_the_last_repetition_is_giving_up() -> None:
    """The wait doubles each time: who is silent for longer will not try again."""
    now = verdict((REPEATED,)).first
    later = verdict((REPEATED, LATER)).first
    assert (now.slug, later.slug) == ("retransmission-timeout",) * 2
    assert now.probability < CONFIDENT < later.probability


def test_an_error_about_what_was_acknowledged_later_ended_nothing() -> None:
    """Linux keeps an error to itself while it repeats (RFC 1122 4.2.3.9)."""
    error = "+.01 icmp unreachable host from 203.0.113.1 [> P. 1:101(100) ack 1]\n"
    sent = "\n".join(REPEATED.splitlines()[:5]) + f"\n{error}"
    overcome = sent + "+.3 > P. 1:101(100) ack 1\n+.01 < . 1:1(0) ack 101\n"
    spoke = overcome + "+1 < P. 1:51(50) ack 101\n"
    chances = [
        {one.slug: one.probability for one in verdict((trace,)).ranked}["icmp-rejected"]
        for trace in (sent, overcome, spoke)
    ]
    assert min(chances[0] / 4, 0.01) > chances[1]
    assert chances[0] > 4 * chances[2]
