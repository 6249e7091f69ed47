"""What an acknowledgement does (RFC 9293 3.10.7.4, fifth): ACK, window, SACK.

It frees what the peer has, measures the round trip (RFC 6298), lets the
congestion window grow (RFC 5681) and resends what three later segments show to
be lost, where RACK (`loss.py`) does not (RFC 6675).
"""

from enum import Enum

from lastack.sim import newreno, rules
from lastack.sim.calls import start_fin_wait_2
from lastack.sim.clock import Timer, disarm, round_trip
from lastack.sim.flight import part, trim
from lastack.sim.loss import delivered, recover, timed_out
from lastack.sim.output import retransmit, transmit
from lastack.sim.patience import await_acknowledgement, start_persist
from lastack.sim.personality import LossDetection
from lastack.sim.reset import passive_reset, timestamp
from lastack.sim.tcb import Tcb
from lastack.sim.waiting import time_wait
from lastack.tcp.flags import FIN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before, distance
from lastack.tcp.states import Event, State

_REORDERING = 3


class Verdict(Enum):
    """What an acknowledgement number can be."""

    NEW = "of something in flight, or of nothing new"
    OLD = "of what was acknowledged before"
    IMPOSSIBLE = "further back than any window ever was"
    UNSENT = "of what was not sent"


def judge(tcb: Tcb, ack: int) -> Verdict:
    """Say what SEG.ACK is (RFC 9293 3.10.7.4, fifth; RFC 5961 5.2)."""
    if before(tcb.snd_nxt, ack):
        return Verdict.UNSENT
    if not before(ack, tcb.snd_una):
        return Verdict.NEW
    # Not for octets that were never sent (tcp_sock.bytes_acked).
    begun = distance(tcb.iss, tcb.snd_una) - (not tcb.active_open)
    window = min(tcb.max_snd_wnd, begun)
    return Verdict.IMPOSSIBLE if before(ack, add(tcb.snd_una, -window)) else Verdict.OLD


def take_timestamp(tcb: Tcb, segment: Segment) -> None:
    """Keep the timestamp that is echoed next (RFC 7323 4.3)."""
    ts = segment.options.timestamp
    if ts is None or not tcb.ts_ok or before(tcb.rcv_wup, segment.seq):
        return
    if not tcb.ts_recent or not before(ts[0], tcb.ts_recent):
        tcb.ts_recent = ts[0]


def acknowledgement_arrives(tcb: Tcb, segment: Segment) -> bool:
    """Take SEG.ACK, SEG.WND and SACK; False if the segment is used up by that."""
    ack = segment.ack
    advanced = distance(tcb.snd_una, ack)
    tcb.last_heard = tcb.now
    updated = updates_window(tcb, segment)
    if updated:
        tcb.snd_wnd = segment.window << tcb.snd_scale
        tcb.max_snd_wnd = max(tcb.max_snd_wnd, tcb.snd_wnd)
        tcb.snd_wl1 = segment.seq
        tcb.snd_wl2 = segment.ack
    before_this, segments = _on_their_way(tcb), len(tcb.flight)
    once, again = _sent_once(tcb)
    if segment.options.sack:
        _take_sack(tcb, segment)
    if advanced:
        _free(tcb, segment)
    elif not segment.length:
        tcb.dup_acks += bool(tcb.flight)
        tcb.tlp_out = tcb.tlp_out and ack != tcb.tlp_high
    tcb.probes_out = 0
    arrived = before_this - _on_their_way(tcb)
    if len(tcb.flight) < segments:  # a part of one sets no timer anew
        await_acknowledgement(tcb)
    if tcb.timed_out:
        left, left_again = _sent_once(tcb)
        # Without SACK what was sent again may be what is acknowledged.
        fresh = once > left and (tcb.sack_ok or again == left_again)
        _after_timeout(tcb, segment, advanced=advanced > 0, unrepeated=fresh)
    if tcb.personality.loss_detection.value is LossDetection.RACK:
        if tcb.sack_ok:
            recover(tcb, arrived, advanced=advanced > 0)
        elif segments:
            duplicate = not advanced and not segment.length and not updated
            arrived = newreno.count(
                tcb, arrived, duplicate=duplicate, advanced=advanced > 0
            )
    elif tcb.flight and not advanced and not segment.length:
        _duplicate(tcb)
    if advanced and not tcb.recovering:
        _grow(tcb, arrived)
    if not segments:
        _check_window(tcb)
    if advanced and tcb.fin_seq >= 0 and ack == add(tcb.fin_seq, 1):
        return _fin_acknowledged(tcb, segment)
    return True


def _sent_once(tcb: Tcb) -> tuple[int, int]:
    """How many segments that are on their way were sent once, and how many again."""
    missing = [entry.times for entry in tcb.flight if not entry.sacked]
    once = missing.count(1)
    return once, len(missing) - once


def _after_timeout(
    tcb: Tcb, segment: Segment, *, advanced: bool, unrepeated: bool
) -> None:
    _, echo = segment.options.timestamp or (0, 0)
    if timed_out(tcb, echo, advanced=advanced, unrepeated=unrepeated):
        transmit(tcb, again=False)
        tcb.doubted = before(tcb.recover, tcb.snd_nxt)


def updates_window(tcb: Tcb, segment: Segment) -> bool:
    """Whether SEG.WND is newer than SND.WND (tcp_input.c:tcp_may_update_window).

    The RFC's test believes any window in a duplicate, and so an old smaller one.
    """
    window = segment.window << tcb.snd_scale
    return (
        before(tcb.snd_una, segment.ack)
        or before(tcb.snd_wl1, segment.seq)
        or (tcb.snd_wl1 == segment.seq and (window > tcb.snd_wnd or not window))
    )


def _check_window(tcb: Tcb) -> None:
    """Nothing was in flight: probe a window that holds what is left."""
    waiting = bool(tcb.send_queue) or (tcb.fin_queued and tcb.fin_seq < 0)
    if not waiting:
        disarm(tcb, Timer.PERSIST)
        return
    if tcb.usable <= 0:
        start_persist(tcb)
        return
    tcb.backoff = 0
    tcb.probe_started = -1
    disarm(tcb, Timer.PERSIST)


def _on_their_way(tcb: Tcb) -> int:
    """How many segments of the flight have not been acknowledged in any way."""
    return sum(not entry.sacked for entry in tcb.flight)


def _take_sack(tcb: Tcb, segment: Segment) -> None:
    sample = -1
    for entry in tcb.flight:
        for left, right in segment.options.sack:
            if entry.sacked:
                break
            if not before(entry.seq, left) and not before(right, entry.end):
                entry.sacked = True
                part(tcb.flight, entry, entry)
                entry.lost = False
                delivered(tcb, entry)
                if entry.times == 1 and sample < 0:
                    sample = tcb.now - entry.sent
    if sample >= 0 and segment.ack == tcb.snd_una:
        round_trip(tcb, sample)


def _free(tcb: Tcb, segment: Segment) -> None:
    ack = segment.ack
    sample = -1
    again = False
    flight = tcb.flight
    while flight and not before(ack, flight[0].end):
        entry = flight.popleft()
        if not entry.sacked:
            delivered(tcb, entry)
        if entry.times > 1:
            again = True
        elif sample < 0 and not entry.sacked:
            sample = tcb.now - entry.sent
    if flight and before(flight[0].seq, ack):
        trim(flight, ack)
    tcb.snd_una = ack
    tcb.dup_acks = 0
    if tcb.tlp_out and not before(ack, tcb.tlp_high):
        _probe_acknowledged(tcb, ack)
    tcb.retransmits = 0
    tcb.probe_started = -1
    tcb.first_sent = tcb.now if flight else -1
    tcb.first_resent = -1
    # Only a measurement ends the back-off (RFC 6298 3, Karn's algorithm).
    if sample >= 0 and not again:
        tcb.backoff = 0
        round_trip(tcb, sample)
    elif tcb.ts_ok and segment.options.timestamp and segment.options.timestamp[1]:
        ticks = (timestamp(tcb) - segment.options.timestamp[1]) & 0xFFFFFFFF
        tcb.backoff = 0
        round_trip(tcb, ticks * tcb.personality.timestamp_tick.value)


def _probe_acknowledged(tcb: Tcb, ack: int) -> None:
    """Whether a loss probe mended a loss is seen at the next one (RFC 8985 7.4)."""
    if not tcb.tlp_again:
        tcb.tlp_out = False
    elif before(tcb.tlp_high, ack):
        tcb.tlp_out = False
        tcb.ssthresh = tcb.cwnd = max(tcb.cwnd >> 1, 2)


def _grow(tcb: Tcb, arrived: int) -> None:
    """Let the congestion window grow (RFC 5681 3.1), if it is what held us back.

    A window that is not used does not grow (RFC 7661; tcp_is_cwnd_limited).
    """
    if tcb.cwnd < tcb.ssthresh:
        if not tcb.cwnd_limited and tcb.cwnd >= 2 * tcb.most_out:
            return
        grown = min(tcb.cwnd + arrived, tcb.ssthresh)
        arrived -= grown - tcb.cwnd
        tcb.cwnd = grown
    elif not tcb.cwnd_limited:
        return
    if arrived:
        if tcb.cwnd_count >= tcb.cwnd:
            tcb.cwnd_count = 0
            tcb.cwnd += 1
        tcb.cwnd_count += arrived
        more = tcb.cwnd_count // tcb.cwnd
        tcb.cwnd_count -= more * tcb.cwnd
        tcb.cwnd += more


def _duplicate(tcb: Tcb) -> None:
    """Three segments beyond a gap, or three duplicates: the head is lost."""
    head = tcb.flight[0]
    beyond = sum(entry.sacked for entry in tcb.flight)
    if max(tcb.dup_acks, beyond) < _REORDERING or head.times > 1 or head.sacked:
        return
    if before(tcb.recover, tcb.snd_una) or tcb.recover == tcb.snd_una:
        tcb.ssthresh = max(len(tcb.flight) // 2, 2)
        tcb.cwnd = tcb.ssthresh
        tcb.recover = tcb.snd_nxt
    disarm(tcb, Timer.LOSS_PROBE)
    retransmit(tcb, head)  # whatever the congestion window (RFC 5681 3.2, 2)
    await_acknowledgement(tcb)


def _fin_acknowledged(tcb: Tcb, segment: Segment) -> bool:
    """Our FIN arrived (3.10.7.4, fifth); False if the segment is used up by that."""
    tcb.fin_acked = True
    if tcb.state is State.FIN_WAIT_1:
        tcb.move(Event.ACK_OF_FIN, rules.FIN_ACKNOWLEDGED)
        return not tcb.orphan or _orphan_waits(tcb, segment)
    if tcb.state is State.CLOSING:
        tcb.move(Event.ACK_OF_FIN, rules.FIN_ACKNOWLEDGED)
        time_wait(tcb)
        return False
    if tcb.state is State.LAST_ACK:
        tcb.move(Event.ACK_OF_FIN, rules.FIN_ACKNOWLEDGED)
        return False
    return True


def _orphan_waits(tcb: Tcb, segment: Segment) -> bool:
    """An orphan has reached FIN_WAIT_2; say whether it looks at the segment further."""
    if tcb.linger2 < 0:
        _reset_for(tcb, segment, rules.LINGER2_NEGATIVE)
        return False
    if not tcb.personality.mini_sockets.value:
        start_fin_wait_2(tcb)
        return True
    end = add(segment.seq, len(segment.payload))
    if segment.length and before(tcb.rcv_nxt, end):
        _reset_for(tcb, segment, rules.DATA_AFTER_CLOSE)
        return False
    start_fin_wait_2(tcb, whole=bool(segment.flags & FIN))
    return not tcb.mini


def _reset_for(tcb: Tcb, segment: Segment, rule: rules.Rule) -> None:
    reset = passive_reset(segment, tcb.personality, tcb.now)
    if reset is not None:
        tcb.outbox.append(reset)
    tcb.note("tcp_send_reset", "TCP_ABORT_ON_DATA")
    tcb.note("counter", "TCPAbortOnData")
    tcb.move(Event.ABORT, rule)
