"""How much each side sent: each octet once, captured or not."""

import pytest

from lastack.connections.sent import octets_sent
from tests.connections.traced import HANDSHAKE, connection_of

FORGED = "0 > S 0:0(0)\n+0.01 < . 7:7(0) ack 9999\n"
DATA = "+0.1 > P. 1:101(100) ack 1\n"


@pytest.mark.parametrize(
    ("trace", "sent"),
    [
        (HANDSHAKE, 0),
        (HANDSHAKE + DATA, 100),
        (HANDSHAKE + DATA + "+0.3 > P. 1:101(100) ack 1", 100),
        (HANDSHAKE + DATA + "+0.1 > F. 101:101(0) ack 1", 100),
        (HANDSHAKE + DATA + "+0.1 > FP. 101:151(50) ack 1", 150),
        # A hole, filled or not.
        (HANDSHAKE + DATA + "+0.1 > P. 201:301(100) ack 1", 300),
        (
            HANDSHAKE
            + DATA
            + "+0.1 > P. 201:301(100) ack 1\n+0.1 > P. 101:201(100) ack 1",
            300,
        ),
        # Only SYN, FIN and RST were captured.
        ("0 > S 0:0(0)\n+0.01 < S. 0:0(0) ack 1\n+1 > F. 501:501(0) ack 1", 500),
        # The FIN was not captured, what came after it was.
        (HANDSHAKE + DATA + "+0.1 > . 102:102(0) ack 1", 100),
        # The SYN was forged: a connection that was there before goes on.
        (FORGED + "+0.1 > P. 9999:10001(2) ack 7\n+0.1 > F. 10001:10001(0) ack 7", 2),
        # Data in the SYN.
        ("0 > S 0:100(100)", 100),
    ],
)
def test_sent(trace: str, sent: int) -> None:
    """The client's octets are those between its SYN and its FIN."""
    assert octets_sent(connection_of(trace).side0) == sent
