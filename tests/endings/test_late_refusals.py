"""What is refused long after a close: how long tells what had been forgotten."""

from typing import Final

import pytest

from tests.endings.pages import verdict

CLOSED: Final = """
0     > S 0:0(0) win 64240 <mss 1460>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460> {id 0}
+0    > . 1:1(0) ack 1 win 502
+0    > P. 1:101(100) ack 1 win 502
+.01  < P. 1:201(200) ack 101 win 509
+0    > . 101:101(0) ack 201 win 501
+5    < F. 201:201(0) ack 101 win 509
+.04  > . 101:101(0) ack 202 win 501
"""


@pytest.mark.parametrize(("wait", "proven"), [("30", False), ("75", True)])
def test_a_fin_is_refused_for_its_lateness_alone_behind_a_minute(
    wait: str, proven: bool
) -> None:
    """Within tcp_fin_timeout Linux takes a FIN: data before it may be missing."""
    late = f"+{wait} > F. 101:101(0) ack 202 win 501\n+.01 < R 202:202(0) win 0"
    found = verdict((CLOSED + late,)).first
    assert found.slug == "fin-wait-2-expired"
    assert (found.probability > 0.99) == proven
