"""TIME_WAIT and orphaned FIN_WAIT_2: what a connection that only waits answers."""

import pytest

from lastack.sim.endpoint import Endpoint
from lastack.sim.personalities import load
from lastack.tcp.flags import ACK, FIN, RST, SYN
from lastack.tcp.scenario import client, established, server, settle, wait
from lastack.tcp.segment import Address, Segment
from lastack.tcp.states import State

from .story import SECOND, tell

_HERE, _THERE = Address("192.0.2.1", 40_000), Address("192.0.2.2", 80)
MS = 1_000_000


def _segment(flags: int, seq: int, ack: int, payload: bytes = b"") -> Segment:
    return Segment(0, _THERE, _HERE, flags, seq, ack, 65_000, payload)


def _fin_wait_2(system: str = "linux") -> Endpoint:
    endpoint = Endpoint(load(system), _HERE, _THERE, iss=1000)
    endpoint.open_active(0)
    endpoint.segment_arrives(_segment(SYN | ACK, 5000, 1001), 10 * MS)
    endpoint.close(20 * MS)
    endpoint.segment_arrives(_segment(ACK, 5001, 1002), 30 * MS)
    endpoint.segments_to_send(30 * MS)
    assert endpoint.state is State.FIN_WAIT_2
    return endpoint


def _time_wait() -> Endpoint:
    endpoint = _fin_wait_2()
    endpoint.segment_arrives(_segment(FIN | ACK, 5001, 1002), 40 * MS)
    endpoint.segments_to_send(40 * MS)
    return endpoint


def _answers(endpoint: Endpoint, segment: Segment, now: int = SECOND) -> list[int]:
    endpoint.segment_arrives(segment, now)
    return [answer.flags for answer in endpoint.segments_to_send(now)]


@pytest.mark.parametrize(
    ("segment", "answer", "after"),
    [
        (_segment(ACK, 5001, 1002, b"late"), [RST], "CLOSED"),
        (_segment(FIN | ACK, 5001, 1002, b"late"), [RST], "CLOSED"),
        (_segment(FIN | ACK, 5001, 1002), [ACK], "TIME_WAIT"),
        (_segment(ACK, 5001, 1002), [], "FIN_WAIT_2"),
        (_segment(ACK, 4990, 1002, b"old"), [ACK], "FIN_WAIT_2"),
        (_segment(ACK, 5001 + 900_000, 1002, b"far"), [ACK], "FIN_WAIT_2"),
        (_segment(RST, 5001, 0), [], "CLOSED"),
        (_segment(SYN, 6000, 0), [RST | ACK], "CLOSED"),
    ],
)
def test_an_orphan_in_fin_wait_2(
    segment: Segment, answer: list[int], after: str
) -> None:
    """tcp_timewait_state_process, substate FIN_WAIT2, rule by rule."""
    endpoint = _fin_wait_2()
    assert _answers(endpoint, segment) == answer
    assert endpoint.state.value == after


def test_time_wait_acknowledges_a_fin_that_comes_again() -> None:
    """The last ACK was lost; it is sent again, with IP ID 0."""
    endpoint = _time_wait()
    endpoint.segment_arrives(_segment(FIN | ACK, 5001, 1002), SECOND)
    (answer,) = endpoint.segments_to_send(SECOND)
    assert (answer.flags, answer.ack, answer.ip_id) == (ACK, 5002, 0)


def test_time_wait_acknowledges_data_and_does_not_reset() -> None:
    """tw-data: a duplicate ACK."""
    endpoint = _time_wait()
    assert _answers(endpoint, _segment(ACK, 5002, 1002, b"x")) == [ACK]
    assert endpoint.state is State.TIME_WAIT


def test_a_reset_ends_time_wait_on_linux_but_not_on_freebsd() -> None:
    """RFC 1337's hazard; tcp_rfc1337=0."""
    endpoint = _time_wait()
    assert _answers(endpoint, _segment(RST, 5002, 0)) == []
    assert endpoint.state is State.CLOSED
    other = _fin_wait_2("freebsd")
    other.segment_arrives(_segment(FIN | ACK, 5001, 1002), 40 * MS)
    other.segment_arrives(_segment(RST, 5002, 0), SECOND)
    assert other.state is State.TIME_WAIT


def test_a_newer_syn_reuses_time_wait_at_once() -> None:
    """RFC 6191: the server's TIME_WAIT makes room, with an ISN beyond the old."""
    story = tell(
        server.listen(),
        client.connect("a", local_port=47_000),
        server.accept("a"),
        server.close("a"),
        client.receive(name="a"),
        client.close("a"),
        wait(0.2),
        client.connect("b", local_port=47_000).gives("0"),
    )
    assert story.run.surprises == []
    old, new = story.sent("server", flags="S.")
    assert 0 < (new.seq - old.seq) % 2**32 < 2**31


def test_a_keepalive_probe_to_a_dead_process_is_answered() -> None:
    """keepalive-vs-fw2: the FIN_WAIT_2 of the orphan says that all is well."""
    story = tell(
        established(1),
        wait(0.1),
        server.keepalive(1, 1, 3),
        client.kill(),
        wait(5),
        server.poll().gives("POLLIN|POLLOUT|POLLRDHUP"),
        settle(),
    )
    assert story.run.surprises == []
    assert story.reasons("server") == []
