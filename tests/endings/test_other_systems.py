"""What other systems do by resets that Linux does silently."""

from typing import Final

from lastack.diagnosis.score import CONFIDENT
from tests.endings.pages import verdict

STALLED: Final = """
0     > S 0:0(0) win 64240 <mss 1460>
+.01  < S. 0:0(0) ack 1 win 65535 <mss 1460> {id 0}
+0    > . 1:1(0) ack 1 win 502
+.01  < P. 1:1461(1460) ack 1 win 514 {id 0}
+0    > . 1:1(0) ack 1461 win 0
"""
PROBED: Final = "+{} < . 1461:1462(1) ack 1 win 514\n+0 > . 1:1(0) ack 1461 win 0\n"
SERVED: Final = """
{}    > S 0:0(0) win 64240 <mss 1460>
+.01  < S. 0:0(0) ack 1 win 65535 <mss 1460> {{ttl 128, id 5}}
+0    > . 1:1(0) ack 1 win 502
+.1   < P. 1:11(10) ack 1 win 514 {{ttl 128, id 6}}
+0    > . 1:1(0) ack 11 win 502
"""
REFUSED: Final = "1 > S 0:0(0) win 64240\n+.01 < R. 0:0(0) ack 1 win 0 {{ttl {}, id 7}}"


def odds(*traces: str) -> dict[str, float]:
    """Return the probability of each ending of the first trace, likeliest first."""
    return {one.slug: one.probability for one in verdict(traces).ranked}


def test_a_persist_timer_gives_up_by_a_reset() -> None:
    """BSD resets a window that stays shut; its probes were answered all the time."""
    probes = "".join(PROBED.format(wait) for wait in (5, 5, 6, 12, 24, 48, 60))
    found = odds(STALLED + probes + "+60 < R. 1461:1461(0) ack 1 win 514")
    assert next(iter(found)) == "zero-window-stall"
    assert found["zero-window-stall"] < CONFIDENT
    assert found["linger-zero"] > 0.05
    assert found["retransmission-timeout"] < 0.05


def test_windows_refuses_when_its_queue_is_full() -> None:
    """Of a TTL of 128, between others who are served, it may be the queue."""
    around = (SERVED.format(0), SERVED.format(3))
    found = odds(REFUSED.format(128), *around)
    assert next(iter(found)) == "connection-refused"
    assert found["accept-queue-overflow"] > 0.05
    assert "accept-queue-overflow" not in odds(REFUSED.format(64), *around)
    assert "accept-queue-overflow" not in odds(REFUSED.format(128))
