"""A reset while the receive queue is full: whose it is depends on who had read."""

from typing import Final

from tests.endings.pages import verdict

QUEUED: Final = """
0     > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
+0    > . 1:1(0) ack 1 win 502
+0    < P. 1:NEXT(SAID) ack 1 win 509
+0    > P. 1:29201(29200) ack NEXT win 502
+.01  < . NEXT:NEXT(0) ack 29201 win 281
+0    > P. 29201:58401(29200) ack NEXT win 502
+.05  < . NEXT:NEXT(0) ack 58401 win 53
+1    < R. NEXT:NEXT(0) ack 58401 win 53
"""


def odds(said: int) -> dict[str, float]:
    """Return the probability of each ending if the server `said` so many octets."""
    trace = QUEUED.replace("NEXT", f"{1 + said}").replace("SAID", f"{said}")
    return {one.slug: one.probability for one in verdict((trace,)).ranked}


def test_who_has_spoken_was_accepted() -> None:
    """A queue that nobody empties was accepted if its program had said something."""
    silent, spoken = odds(0), odds(200)
    assert silent["listener-closed"] > 2 * silent["socket-destroyed"]
    assert spoken["socket-destroyed"] > 0.9
    assert "listener-closed" not in spoken
