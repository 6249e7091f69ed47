"""What one side sent: duplicates, retransmissions, probes, windows, octets."""

from dataclasses import replace

import pytest

from lastack.connections.side import Side
from tests.connections.traced import HANDSHAKE, explained, segments, written
from tests.judged import judged

MS = 1_000_000


def sides(trace: str) -> tuple[Side, Side]:
    """Return the client's and the server's side of a trace with a handshake."""
    (connection,) = explained(HANDSHAKE + trace).connections
    return connection.side0, connection.side1


def copied(trace: str, later: int) -> tuple[Side, Side]:
    """Return both sides of a trace of which each frame comes twice."""
    twice = []
    for one in segments(trace):
        twice += [(one.time, one), (one.time + later, one)]
    twice.sort(key=lambda it: it[0])
    octets = written(replace(one, time=time) for time, one in twice)
    (connection,) = judged(octets).connections
    return connection.side0, connection.side1


TALK = """
+0.1 > P. 1:101(100) ack 1
+0.01 < P. 1:301(300) ack 101
+0.01 > . 101:101(0) ack 301
"""


def test_octets_are_counted_once() -> None:
    """Octets sent again count once; those that reach further count for the rest."""
    client, server = sides("""
        +0.1 > P. 1:101(100) ack 1
        +0.3 > P. 1:101(100) ack 1
        +0.6 > P. 1:151(150) ack 1
        +0.01 < P. 1:11(10) ack 151
    """)
    assert (client.octets, server.octets) == (150, 10)


def test_gaps_are_no_octets() -> None:
    """Data that the capture missed is counted as far as it lies in between."""
    client, _ = sides("+0.1 > P. 101:201(100) ack 1\n+0.01 < . 1:1(0) ack 201")
    assert client.next == 201


@pytest.mark.parametrize("later", [1_000, 3 * MS])
def test_copies_of_frames_are_duplicates(later: int) -> None:
    """The same frame microseconds later is a copy: it repeats nothing."""
    client, server = copied(HANDSHAKE + TALK, later)
    assert (client.duplicates, server.duplicates) == (4, 2)
    assert (client.packets, server.packets) == (4, 2)
    assert client.repeats_total == server.repeats_total == 0
    assert (client.octets, server.octets) == (100, 300)


def test_the_same_numbers_with_another_ip_id_are_a_retransmission() -> None:
    """However soon, a segment with an IP ID of its own was sent again."""
    client, _ = sides("+0.1 > P. 1:101(100) ack 1\n+0.001 > P. 1:101(100) ack 1")
    assert client.duplicates == 0
    assert client.repeats == client.repeats_total == 1


def test_the_same_ip_id_much_later_is_a_retransmission() -> None:
    """A copy is microseconds apart; 200 ms later with the same IP ID is none."""
    client, _ = sides(
        "+0.1 > P. 1:101(100) ack 1 {id 7}\n+0.2 > P. 1:101(100) ack 1 {id 7}"
    )
    assert (client.duplicates, client.repeats_total) == (0, 1)


def test_a_series_of_retransmissions_counts_one_segment() -> None:
    """The running series is of the latest segment; an ACK for it ends it."""
    client, _ = sides("""
        +0.1 > P. 1:101(100) ack 1
        +0.2 > P. 1:101(100) ack 1
        +0.4 > P. 1:101(100) ack 1
        +0.8 > P. 1:101(100) ack 1
    """)
    assert client.repeats == 3
    assert client.first_repeat is not None
    assert client.last_repeat is not None
    assert (client.first_repeat.frame, client.last_repeat.frame) == (5, 7)
    answered, _ = sides("""
        +0.1 > P. 1:101(100) ack 1
        +0.2 > P. 1:101(100) ack 1
        +0.01 < . 1:1(0) ack 101
    """)
    assert (answered.repeats, answered.repeats_total) == (0, 1)


def test_keepalive_probes() -> None:
    """Empty segments one before what is next are probes, with their pace."""
    client, server = sides("""
        +10 > . 0:0(0) ack 1
        +60 > . 0:0(0) ack 1
        +1.00 > . 0:0(0) ack 1
        +1.02 > . 0:0(0) ack 1
    """)
    assert client.probes == client.probes_total == 4
    assert client.probe_interval == 1_020 * MS
    assert client.probe_steady == 2
    assert client.repeats_total == 0
    assert client.octets == 0
    assert server.probes_total == 0


def test_keepalive_probes_with_one_octet() -> None:
    """Old systems send one octet of garbage, which was acknowledged: a probe."""
    client, _ = sides("""
        +0.1 > P. 1:11(10) ack 1
        +0.01 < . 1:1(0) ack 11
        +60 > . 10:11(1) ack 1
        +0.01 < . 1:1(0) ack 11
    """)
    assert client.probes_total == 1
    assert client.octets == 10
    assert client.repeats_total == 0


def test_one_octet_not_yet_acknowledged_is_sent_again() -> None:
    """One octet that nobody acknowledged is a retransmission, and no probe."""
    client, _ = sides("+0.1 > P. 1:2(1) ack 1\n+0.3 > P. 1:2(1) ack 1")
    assert (client.probes_total, client.repeats_total) == (0, 1)


def test_an_acknowledgement_is_no_probe() -> None:
    """An empty segment at what is next asks for nothing."""
    client, _ = sides("+1 > . 1:1(0) ack 1\n+1 > . 1:1(0) ack 1")
    assert client.probes_total == 0


def test_data_ends_a_series_of_probes() -> None:
    """Who sends data stops to probe."""
    client, _ = sides("+10 > . 0:0(0) ack 1\n+1 > P. 1:11(10) ack 1")
    assert (client.probes, client.probes_total) == (0, 1)


def test_window_closed() -> None:
    """A zero window is kept from its first segment on."""
    _, server = sides("""
        +0.1 > P. 1:101(100) ack 1
        +0.01 < . 1:1(0) ack 101 win 0
        +0.3 > . 100:100(0) ack 1
        +0.01 < . 1:1(0) ack 101 win 0
    """)
    assert server.zero_window is not None
    assert server.zero_window.frame == 5
    assert server.windows_closed == 1


def test_window_opened_again() -> None:
    """A window of its old size after a zero window says that the program read."""
    _, server = sides("""
        +0.01 < . 1:1(0) ack 1 win 500
        +0.1 > P. 1:101(100) ack 1
        +0.01 < . 1:1(0) ack 101 win 0
        +2 < . 1:1(0) ack 101 win 500
    """)
    assert server.zero_window is None
    assert server.window_reopened
    assert (server.windows_closed, server.window_max) == (1, 500)


def test_window_reopened_is_forgotten_when_more_comes() -> None:
    """Data that came after it, and shrank the window, may be unread again."""
    _, server = sides("""
        +0.01 < . 1:1(0) ack 1 win 500
        +0.1 > P. 1:101(100) ack 1
        +0.01 < . 1:1(0) ack 101 win 100
        +2 < . 1:1(0) ack 101 win 500
        +0.1 > P. 101:201(100) ack 1
        +0.01 < . 1:1(0) ack 201 win 400
    """)
    assert not server.window_reopened


def test_window_of_a_syn_is_none() -> None:
    """The window of a SYN is not scaled, so it is not compared with others."""
    client, server = sides("")
    assert (client.window, client.window_max) == (502, 502)
    assert (server.window, server.window_max) == (-1, 0)


def test_what_is_unanswered() -> None:
    """What a side sent since the other's last packet is counted, with its time."""
    client, server = sides("""
        +0.1 > P. 1:101(100) ack 1
        +0.2 > P. 1:101(100) ack 1
    """)
    assert client.unanswered == 2
    assert client.last is not None
    assert client.last.time - client.unanswered_since == 200 * MS
    assert server.unanswered == 0
