"""Captures that lack a beginning, an end or a direction."""

from tests.connections.traced import (
    HANDSHAKE,
    SERVER_SIDE,
    connection_of,
    facts_of,
    segments,
    written,
)
from tests.judged import judged

SESSION = f"""{HANDSHAKE}
+0.1 > P. 1:101(100) ack 1
+0.01 < P. 1:301(300) ack 101
+0.01 > . 101:101(0) ack 301
+1 < F. 301:301(0) ack 101
+0.01 > F. 101:101(0) ack 302
+0.01 < . 302:302(0) ack 102
"""


def test_one_way() -> None:
    """With one direction, data and its FIN's fate are known from acknowledgements."""
    only = [one for one in segments(SESSION) if one.source.port != 80]
    found = facts_of(written(only))
    assert found.client_seen
    assert not found.server_seen
    assert found.established
    assert found.client_data
    assert not found.server_data


def test_only_the_answers() -> None:
    """With the server's direction only, who the client is is known from SYN-ACK."""
    only = [one for one in segments(SESSION) if one.source.port == 80]
    (connection,) = judged(written(only)).connections
    assert connection.client_known
    found = facts_of(written(only))
    assert not found.syn
    assert found.syn_ack
    assert found.server_data
    assert found.first_closer == SERVER_SIDE


def test_from_the_middle() -> None:
    """Without a SYN the higher port is guessed to be the client's."""
    connection = connection_of(
        "0 < P. 1:301(300) ack 101\n+0.01 > . 101:101(0) ack 301"
    )
    assert not connection.client_known
    assert connection.client == 1
    assert connection.side0.octets == 300
    reverse = connection_of("0 > P. 1:301(300) ack 101\n+0.01 < . 101:101(0) ack 301")
    assert reverse.client == 0


def test_data_before_the_capture_began_is_not_counted() -> None:
    """The first segment's octets count, what was acknowledged before does not."""
    connection = connection_of(
        "0 > P. 5000:5100(100) ack 9000\n+0.01 < P. 9000:9050(50) ack 5100"
    )
    assert (connection.side0.octets, connection.side1.octets) == (100, 50)


def test_time_zero() -> None:
    """A capture whose times begin at zero has the facts of any other."""
    there, zero = segments(SESSION), written(segments(SESSION), beginning=0)
    assert facts_of(zero).key() == facts_of(written(there)).key()


def test_the_end_is_missing() -> None:
    """A capture that ends in the middle shows no waiting and no close."""
    found = facts_of(written(segments(SESSION)[:6]))
    assert not found.both_closed
    assert found.first_closer == 0
    assert found.waiting == 0
