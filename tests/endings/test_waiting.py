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
