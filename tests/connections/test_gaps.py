"""What a capture lacks: FINs that only their ACKs show, holes, and how much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.connections.connection import Connection
from lastack.connections.gaps import LITTLE, MUCH, NOTHING, SOME, Gaps, loss
from lastack.connections.side import Side
from lastack.tcp.notation import CLIENT, parse_trace
from lastack.tcp.segment import Address
from tests.connections.traced import HANDSHAKE, explained, written
from tests.judged import judged

TALK = """
+0.1 > P. 1:101(100) ack 1
+0.01 < P. 1:301(300) ack 101
+0.01 > . 101:101(0) ack 301
"""


def connection_of(trace: str) -> Connection:
    """Return the only connection of a trace."""
    (connection,) = explained(trace).connections
    return connection


def client_of(trace: str) -> Side:
    """Return the client's side of a trace that begins with a handshake."""
    return connection_of(HANDSHAKE + trace).side0


def missing(trace: str) -> int:
    """Return how many frames are known to be missing in a trace."""
    return explained(HANDSHAKE + trace).surroundings.missing


def test_the_acknowledgement_of_an_octet_never_seen_shows_a_fin() -> None:
    """One octet beyond all that a side sent was acknowledged: it had closed."""
    client = client_of(TALK + "+0.1 < . 301:301(0) ack 102")
    assert (client.fins, client.fin, client.fin_seq) == (1, None, 101)
    assert client.fin_acked
    assert client.unseen_fin is not None
    assert client.unseen_fin.frame == 7


def test_more_octets_than_one_are_no_fin() -> None:
    """What was acknowledged and is missing may hold a FIN, but does not show it."""
    client = client_of(TALK + "+0.1 < . 301:301(0) ack 202")
    assert (client.fins, client.unseen_fin) == (0, None)


def test_data_behind_it_shows_that_it_was_none() -> None:
    """Who sends on had sent an octet of data."""
    client = client_of(
        TALK + "+0.1 < . 301:301(0) ack 102\n+0.1 > P. 102:152(50) ack 301"
    )
    assert (client.fins, client.unseen_fin, client.fin_acked) == (0, None, False)


def test_a_fin_that_comes_after_its_acknowledgement_is_seen() -> None:
    """In a capture out of order the FIN is there, and nothing is missing."""
    trace = TALK + "+0.1 < . 301:301(0) ack 102\n+0.0001 > F. 101:101(0) ack 301"
    client = client_of(trace)
    assert (client.fins, client.unseen_fin, client.fin_acked) == (1, None, True)
    assert client.fin is not None
    assert missing(trace) == 0


def test_whose_fin_acknowledges_a_lost_one_closed_second() -> None:
    """The client's FIN is lost; the server's acknowledges it in the same segment."""
    connection = connection_of(
        HANDSHAKE + TALK + "+0.1 < F. 301:301(0) ack 102\n+0.01 > . 102:102(0) ack 302"
    )
    assert connection.first_fin == 0
    assert not connection.fins_crossed


def test_data_that_was_acknowledged_is_missing() -> None:
    """The server acknowledges a request that no frame has."""
    assert missing("+0.1 < P. 1:301(300) ack 101\n+0.01 > . 101:101(0) ack 301") == 1


def test_what_comes_late_is_not_missing() -> None:
    """A frame that another one overtook in the file fills its hole."""
    assert (
        missing(
            """
            +0.1 > P. 101:201(100) ack 1
            +0.001 > P. 1:101(100) ack 1
            +0.01 < . 1:1(0) ack 201
            """
        )
        == 0
    )


def test_what_was_never_acknowledged_is_not_missing() -> None:
    """The network may have lost it before the capture point."""
    assert missing("+0.1 > P. 101:201(100) ack 1\n+0.01 < . 1:1(0) ack 1") == 0


def test_a_reset_behind_one_octet_more_shows_a_missing_fin() -> None:
    """The octet between all that was seen and the reset is a FIN's, in no frame."""
    fin = "+1 < F. 301:301(0) ack 101\n"
    reset = "+1 < R. 302:302(0) ack 101"
    assert (missing(TALK + reset), missing(TALK + fin + reset)) == (1, 0)


def test_a_long_hole_counts_full_segments() -> None:
    """Ten thousand octets are at least seven segments."""
    assert missing("+0.1 > P. 1:101(100) ack 1\n+0.1 < . 1:1(0) ack 10101") == 7


def test_a_capture_that_begins_in_the_middle_lacks_nothing() -> None:
    """What was on its way when the capture began was not lost by it."""
    capture = explained(
        """
        +0 > P. 5001:5101(100) ack 7001 win 502
        +0.01 < . 7001:7001(0) ack 5301 win 509
        +0.1 < P. 7001:7301(300) ack 5301 win 509
        +0.01 > . 5301:5301(0) ack 7301 win 502
        """
    )
    assert capture.surroundings.missing == 0


def test_a_syn_is_missing_where_the_capture_had_begun_and_has_others() -> None:
    """A SYN-ACK in its first second may answer a SYN from before it."""
    lone = "{} < S. 0:0(0) ack 1\n+.02 > . 1:1(0) ack 1"
    found = []
    for begins in ("3", ".5"):
        other = Address(CLIENT.host, CLIENT.port + 1)
        traced = parse_trace(HANDSHAKE) + parse_trace(lone.format(begins), other)
        found.append(judged(written(traced)).surroundings.missing)
    assert found == [1, 0]


def test_a_syn_ack_that_was_acknowledged_is_missing_among_whole_connections() -> None:
    """Where most servers are heard only as they reset, theirs is another path."""
    lone = "0 > S 0:0(0)\n+.02 > . 1:1(0) ack 1\n+1 < R 1:1(0) win 0"
    found = []
    for traces in ([HANDSHAKE, HANDSHAKE, lone], [HANDSHAKE, lone]):
        traced = []
        for number, trace in enumerate(traces):
            traced += parse_trace(trace, Address(CLIENT.host, CLIENT.port + number))
        found.append(judged(written(traced)).surroundings.missing)
    assert found == [1, 0]


@pytest.mark.parametrize(
    ("seen", "lost", "grade"),
    [
        (100, 0, NOTHING),
        (1_000_000, 10, NOTHING),
        (200, 1, LITTLE),
        (10_000, 100, LITTLE),
        (10_000, 200, SOME),
        (10_000, 1_000, MUCH),
        (20, 1, SOME),
    ],
)
def test_loss_is_graded_by_its_share(seen: int, lost: int, grade: int) -> None:
    """Little below 1.2 %, much from 3.5 %; one of twenty is not yet five percent."""
    assert loss(seen, lost) == grade


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_more_missing_frames_are_no_less_loss(seen: int, lost: int) -> None:
    """The grade never falls as more is missing."""
    assert loss(seen, lost) <= loss(seen, lost + 1)


spans = st.tuples(st.integers(0, 60), st.integers(1, 12))


@given(st.lists(spans, max_size=8))
def test_what_is_filled_is_a_hole_no_more(fills: list[tuple[int, int]]) -> None:
    """Of one hole exactly the octets remain that no late frame had."""
    gaps = Gaps()
    gaps.open(10, 50)
    for start, length in fills:
        gaps.fill(start, start + length)
    left = {
        octet
        for start, end in zip(gaps.starts, gaps.ends, strict=True)
        for octet in range(start, end)
    }
    filled = {
        octet for start, length in fills for octet in range(start, start + length)
    }
    assert left == set(range(10, 50)) - filled
