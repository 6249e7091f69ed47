"""A capture that a filter for SYN, FIN and RST has made, by its connections."""

from typing import Final

import pytest

from tests.connections.traced import HANDSHAKE, explained

SYNS: Final = """
0 > S 0:0(0) win 64240 <mss 1460>
+0.01 < S. 0:0(0) ack 1 win 65160 <mss 1460>
"""
CLOSE: Final = "+1 > F. 1:1(0) ack 1\n+0.01 < F. 1:1(0) ack 2"
RESET: Final = "+1 < R. 21:21(0) ack 1"


@pytest.mark.parametrize(
    ("trace", "filtered"),
    [
        ("0 > S 0:0(0) win 64240", False),
        (SYNS, False),
        (SYNS + CLOSE, True),
        (SYNS + RESET, True),
        (HANDSHAKE + CLOSE, False),
        (HANDSHAKE + RESET, False),
        (SYNS + "+0.01 > R 1:1(0)", False),
        (SYNS + "+1 > R 21:21(0)", False),
        ("0 > S 0:0(0) win 64240\n+0.01 < R. 0:0(0) ack 1", False),
        ("0 > S 0:0(0) win 64240\n+0.01 < R. 0:0(0) ack 101", False),
    ],
)
def test_a_filter_is_known_by_what_it_left_out(trace: str, filtered: bool) -> None:
    """Filtered is where no acknowledgement is, though one must have been there."""
    assert filtered == explained(trace).surroundings.filtered
