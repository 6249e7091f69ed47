"""One endpoint, segment by segment, against RFC 9293, 5961, 6191 and 7323."""

import pytest

from lastack.sim.endpoint import CallError, Endpoint
from lastack.sim.personalities import load
from lastack.sim.rules import Note, Transition
from lastack.tcp.flags import ACK, FIN, RST, SYN
from lastack.tcp.segment import Address, Options, Segment
from lastack.tcp.states import State

_HERE, _THERE = Address("192.0.2.1", 40_000), Address("192.0.2.2", 80)
MS = 1_000_000


def _segment(
    flags: int, seq: int, ack: int = 0, payload: bytes = b"", window: int = 65_000
) -> Segment:
    return Segment(0, _THERE, _HERE, flags, seq, ack, window, payload)


def _established(
    iss: int = 1000, irs: int = 5000, *, system: str = "linux"
) -> Endpoint:
    endpoint = Endpoint(load(system), _HERE, _THERE, iss=iss)
    endpoint.open_active(0)
    endpoint.segments_to_send(0)
    endpoint.segment_arrives(_segment(SYN | ACK, irs, (iss + 1) % 2**32), 10 * MS)
    endpoint.segments_to_send(10 * MS)
    assert endpoint.state is State.ESTABLISHED
    return endpoint


def _answer(endpoint: Endpoint, segment: Segment, now: int = 1000 * MS) -> list[str]:
    endpoint.segment_arrives(segment, now)
    return [f"{s.flags:#x} {s.seq} {s.ack}" for s in endpoint.segments_to_send(now)]


def test_opening_is_told_with_its_rule_and_clause() -> None:
    """Each transition names the rule by which it happened."""
    endpoint = _established()
    told = []
    while (event := endpoint.next_event()) is not None:
        if isinstance(event, Transition):
            told.append((event.after, event.rule.name, event.rule.clause[:8]))
    assert told == [
        (State.SYN_SENT, "open-active", "RFC 9293"),
        (State.ESTABLISHED, "syn-acknowledged", "RFC 9293"),
    ]


def test_a_rule_that_is_a_system_s_habit_cites_its_source() -> None:
    """RST in CLOSE_WAIT is EPIPE on Linux, and the transition says where from."""
    endpoint = _established()
    endpoint.segment_arrives(_segment(FIN | ACK, 5001, 1001), 20 * MS)
    endpoint.segment_arrives(_segment(RST, 5002), 30 * MS)
    events = []
    while (event := endpoint.next_event()) is not None:
        events.append(event)
    last = next(e for e in reversed(events) if isinstance(e, Transition))
    assert last.source == load("linux").reset_in_close_wait.source
    assert endpoint.tcb.error == "EPIPE"


def test_simultaneous_open_meets_in_established() -> None:
    """RFC 9293 3.5, figure 7: two SYNs cross, and nobody listened."""
    linux = load("linux")
    a = Endpoint(linux, _HERE, _THERE, iss=100)
    b = Endpoint(linux, _THERE, _HERE, iss=2**32 - 1)
    a.open_active(0)
    b.open_active(0)
    for now in range(1, 8):
        to_b, to_a = a.segments_to_send(now), b.segments_to_send(now)
        for segment in to_b:
            b.segment_arrives(segment, now)
        for segment in to_a:
            a.segment_arrives(segment, now)
    assert (a.state, b.state) == (State.ESTABLISHED, State.ESTABLISHED)
    assert a.send(b"hello", 10) == 5
    for segment in a.segments_to_send(10):
        b.segment_arrives(segment, 10)
    assert b.receive(10, 11) == b"hello"


def test_a_reset_exactly_at_rcv_nxt_is_believed() -> None:
    """RFC 5961 3.2; Linux does not look at the acknowledgement."""
    endpoint = _established()
    assert _answer(endpoint, _segment(RST | ACK, 5001, 999_999)) == []
    assert (endpoint.state, endpoint.tcb.error) == (State.CLOSED, "ECONNRESET")


def test_a_reset_elsewhere_in_the_window_is_challenged() -> None:
    """RFC 5961 3.2: an ACK, and the connection lives."""
    endpoint = _established()
    assert _answer(endpoint, _segment(RST, 6001)) == ["0x10 1001 5001"]
    assert endpoint.state is State.ESTABLISHED


def test_a_reset_outside_the_window_is_ignored() -> None:
    """Neither believed nor answered."""
    endpoint = _established()
    assert _answer(endpoint, _segment(RST, 5001 + 200_000)) == []
    assert _answer(endpoint, _segment(RST, 4000)) == []
    assert endpoint.state is State.ESTABLISHED


def test_a_syn_on_a_connection_is_challenged() -> None:
    """RFC 5961 4.2."""
    endpoint = _established()
    assert _answer(endpoint, _segment(SYN, 7000)) == ["0x10 1001 5001"]
    assert endpoint.state is State.ESTABLISHED


def test_challenges_are_half_a_second_apart() -> None:
    """tcp_invalid_ratelimit, a socket at a time."""
    endpoint = _established()
    answers = [
        len(_answer(endpoint, _segment(RST, 6001), now * MS))
        for now in (1000, 1400, 1501, 1900)
    ]
    assert answers == [1, 0, 1, 0]


def test_an_acknowledgement_of_what_was_never_sent_changes_nothing() -> None:
    """RFC 9293 3.10.7.4, fifth."""
    endpoint = _established()
    _answer(endpoint, _segment(ACK, 5001, 9999, b"x"))
    assert endpoint.tcb.snd_una == 1001
    assert endpoint.tcb.rcv_nxt == 5001


def test_an_old_timestamp_is_refused_but_not_that_of_a_reset() -> None:
    """RFC 7323 5: PAWS, from which RST is exempt."""
    endpoint = Endpoint(load("linux"), _HERE, _THERE, iss=1000)
    endpoint.open_active(0)
    endpoint.segment_arrives(
        Segment(
            0, _THERE, _HERE, SYN | ACK, 5000, 1001, 65_000,
            options=Options(mss=1460, timestamp=(500, 0)),
        ),
        MS,
    )  # fmt: skip
    endpoint.segments_to_send(MS)
    old = Options(timestamp=(400, 0))
    data = Segment(0, _THERE, _HERE, ACK, 5001, 1001, 65_000, b"old", old)
    endpoint.segment_arrives(data, 2 * MS)
    assert endpoint.tcb.rcv_nxt == 5001
    endpoint.segment_arrives(Segment(0, _THERE, _HERE, RST, 5001, options=old), 3 * MS)
    assert endpoint.state is State.CLOSED


def test_data_out_of_order_waits_for_the_gap_and_is_sacked() -> None:
    """RFC 2018: the block above the gap; RFC 9293: octets in order."""
    endpoint = Endpoint(load("linux"), _HERE, _THERE, iss=1000)
    endpoint.open_active(0)
    endpoint.segment_arrives(
        Segment(
            0, _THERE, _HERE, SYN | ACK, 5000, 1001, 65_000,
            options=Options(mss=1460, sack_permitted=True),
        ),
        MS,
    )  # fmt: skip
    endpoint.segments_to_send(MS)
    endpoint.segment_arrives(_segment(ACK, 5004, 1001, b"def"), 2 * MS)
    (answer,) = endpoint.segments_to_send(2 * MS)
    assert (answer.ack, answer.options.sack) == (5001, ((5004, 5007),))
    endpoint.segment_arrives(_segment(ACK, 5001, 1001, b"abc"), 3 * MS)
    assert endpoint.receive(10, 3 * MS) == b"abcdef"


def test_a_fin_before_its_data_does_not_end_the_file() -> None:
    """A FIN beyond a gap counts when the gap is filled."""
    endpoint = _established()
    endpoint.segment_arrives(_segment(FIN | ACK, 5004, 1001), 20 * MS)
    assert endpoint.state.value == "ESTABLISHED"
    endpoint.segment_arrives(_segment(ACK, 5001, 1001, b"abc"), 21 * MS)
    assert endpoint.state is State.CLOSE_WAIT
    assert endpoint.receive(10, 22 * MS) == b"abc"
    assert endpoint.receive(10, 22 * MS) == b""


def test_a_fin_is_accepted_in_a_closed_window() -> None:
    """tcp_rcv_zero_wnd_fin: it takes no room."""
    endpoint = _established()
    endpoint.tcb.rcv_adv = endpoint.tcb.rcv_nxt
    endpoint.tcb.memory = endpoint.tcb.buffer
    endpoint.segment_arrives(_segment(FIN | ACK, 5001, 1001), 20 * MS)
    assert endpoint.state is State.CLOSE_WAIT


def test_calls_fail_with_the_errno_s_name() -> None:
    """ENOTCONN before, EAGAIN while empty, EPIPE after shutdown."""
    endpoint = Endpoint(load("linux"), _HERE, _THERE)
    with pytest.raises(CallError, match="ENOTCONN"):
        endpoint.send(b"x", 0)
    endpoint = _established()
    with pytest.raises(CallError, match="EAGAIN"):
        endpoint.receive(1, 20 * MS)
    endpoint.shutdown(20 * MS)
    with pytest.raises(CallError, match="EPIPE"):
        endpoint.send(b"x", 20 * MS)


def test_a_timer_is_told_and_fires() -> None:
    """get_timer() names the moment; handle_timer() sends the SYN again."""
    endpoint = Endpoint(load("linux"), _HERE, _THERE)
    endpoint.open_active(0)
    (first,) = endpoint.segments_to_send(0)
    due = endpoint.get_timer()
    assert due is not None
    endpoint.handle_timer(due - 1)
    assert endpoint.segments_to_send(due - 1) == []
    endpoint.handle_timer(due)
    (again,) = endpoint.segments_to_send(due)
    assert (again.flags, again.seq) == (SYN, first.seq)


def test_a_fin_waits_behind_data_for_the_congestion_window() -> None:
    """Ten segments are in flight: the FIN leaves with an ACK, not before."""
    endpoint = _established()
    endpoint.send(bytes(30_000), 20 * MS)
    endpoint.close(20 * MS)
    first = endpoint.segments_to_send(20 * MS)
    assert len(first) == 10
    assert not any(s.flags & FIN for s in first)


def test_two_acknowledgements_open_a_window_of_four_segments() -> None:
    """Slow start: each acknowledged segment adds one (RFC 5681 3.1)."""
    endpoint = _established()
    endpoint.send(bytes(30_000), 20 * MS)
    sent = endpoint.segments_to_send(20 * MS)
    end = sent[1].seq + len(sent[1].payload)
    endpoint.segment_arrives(_segment(ACK, 5001, end), 30 * MS)
    assert len(endpoint.segments_to_send(30 * MS)) == 4


def test_three_duplicates_resend_the_head_at_once() -> None:
    """Fast retransmit (RFC 5681 3.2), and half the window."""
    endpoint = _established(system="freebsd")
    endpoint.send(bytes(20_000), 20 * MS)
    sent = endpoint.segments_to_send(20 * MS)
    for now in (31, 32, 33):
        endpoint.segment_arrives(_segment(ACK, 5001, 1001), now * MS)
    again = endpoint.segments_to_send(33 * MS)
    assert sent[0].seq in [s.seq for s in again]
    assert endpoint.tcb.cwnd == 5


def test_what_brings_a_newer_window_is_no_duplicate_on_linux() -> None:
    """The first after the SYN-ACK; three more resend the head, and half the window.

    tcp_input.c:FLAG_WIN_UPDATE; scripts/duplicates_without_sack.pkt is the kernel's.
    """
    endpoint = _established()
    endpoint.send(bytes(20_000), 20 * MS)
    sent = endpoint.segments_to_send(20 * MS)
    resent = []
    for now in (31, 32, 33, 34):
        endpoint.segment_arrives(_segment(ACK, 5001, 1001), now * MS)
        again = endpoint.segments_to_send(now * MS)
        resent.append(sent[0].seq in [s.seq for s in again])
    assert resent == [False, False, False, True]
    end = endpoint.tcb.snd_nxt
    endpoint.segment_arrives(_segment(ACK, 5001, end), 44 * MS)
    endpoint.send(bytes(100), 45 * MS)
    endpoint.segments_to_send(45 * MS)
    endpoint.segment_arrives(_segment(ACK, 5001, end + 100), 55 * MS)
    assert endpoint.tcb.cwnd == 5


@pytest.mark.parametrize("size", [100, 2 * 536, 3 * 536])
def test_duplicates_never_stand_for_all_that_is_in_flight(size: int) -> None:
    """One of them is the gap: of three segments or fewer no loss is told."""
    endpoint = _established()
    endpoint.segment_arrives(_segment(ACK, 5001, 1001), 15 * MS)
    endpoint.send(bytes(size), 20 * MS)
    endpoint.segments_to_send(20 * MS)
    for now in range(31, 41):
        assert _answer(endpoint, _segment(ACK, 5001, 1001), now * MS) == []


def test_linux_learns_from_duplicates_how_many_tell_of_a_loss() -> None:
    """One more than all but one in flight: that many are enough from then on.

    tcp_input.c:tcp_check_reno_reordering.
    """
    endpoint = _established()
    endpoint.segment_arrives(_segment(ACK, 5001, 1001), 15 * MS)
    endpoint.send(bytes(100), 20 * MS)
    endpoint.segments_to_send(20 * MS)
    assert _answer(endpoint, _segment(ACK, 5001, 1001), 30 * MS) == []
    endpoint.segment_arrives(_segment(ACK, 5001, 1101), 31 * MS)
    endpoint.send(bytes(3 * 536), 40 * MS)
    endpoint.segments_to_send(40 * MS)
    again = _answer(endpoint, _segment(ACK, 5001, 1101), 50 * MS)
    assert again == ["0x10 1101 5001"]


def test_notes_tell_what_a_kernel_would() -> None:
    """The reason of a reset, by the kernel's word."""
    endpoint = _established()
    endpoint.segment_arrives(_segment(ACK, 5001, 1001, b"unread"), 20 * MS)
    endpoint.close(30 * MS)
    notes = []
    while (event := endpoint.next_event()) is not None:
        if isinstance(event, Note) and event.kind == "tcp_send_reset":
            notes.append(event.reason)
    assert notes == ["TCP_ABORT_ON_CLOSE"]


def test_status_tells_queues_and_windows_and_changes_nothing() -> None:
    """RFC 9293 3.10.6: 10 octets in flight, 7 unread, the state, the windows."""
    endpoint = _established()
    endpoint.send(b"0123456789", 2 * MS)
    endpoint.segment_arrives(_segment(ACK, 5001, 1001, b"unread!"), 3 * MS)
    status = endpoint.status()
    assert (status.state, status.unacknowledged, status.unread) == (
        State.ESTABLISHED,
        10,
        7,
    )
    assert status.send_window > 0
    assert (status.unsent, status.urgent, status.user_timeout) == (0, False, 0)
    assert endpoint.status() == status
