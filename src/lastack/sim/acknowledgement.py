"""What an acknowledgement does (RFC 9293 3.10.7.4, fifth): ACK, window, SACK.

It frees what the peer has, measures the round trip (RFC 6298), lets the
congestion window grow (RFC 5681) and resends what three later segments show to
be lost (RFC 6675).
"""

from lastack.sim import rules
from lastack.sim.calls import start_fin_wait_2
from lastack.sim.clock import disarm, round_trip
from lastack.sim.output import (
    acknowledge,
    await_acknowledgement,
    retransmit,
    start_persist,
)
from lastack.sim.reset import passive_reset, timestamp
from lastack.sim.tcb import Tcb, Timer
from lastack.sim.waiting import time_wait
from lastack.tcp.flags import FIN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before, distance
from lastack.tcp.states import Event, State

_REORDERING = 3


def acknowledgement_arrives(tcb: Tcb, segment: Segment) -> bool:
    """Take SEG.ACK, SEG.WND and SACK; False if the segment is to be dropped."""
    ack = segment.ack
    if before(tcb.snd_nxt, ack):
        _challenge(tcb)
        return False
    if before(ack, tcb.snd_una):
        if before(ack, add(tcb.snd_una, -tcb.max_snd_wnd)):
            _challenge(tcb)
            return False
        return True
    advanced = distance(tcb.snd_una, ack)
    _update_window(tcb, segment)
    if segment.options.sack:
        _take_sack(tcb, segment)
    if advanced:
        _free(tcb, segment)
    elif tcb.flight and not segment.length:
        _duplicate(tcb)
    tcb.probes_out = 0
    if tcb.flight:
        if advanced:
            await_acknowledgement(tcb)
    else:
        disarm(tcb, Timer.RETRANSMISSION)
        disarm(tcb, Timer.LOSS_PROBE)
        _check_window(tcb)
    if advanced and tcb.fin_seq >= 0 and ack == add(tcb.fin_seq, 1):
        return _fin_acknowledged(tcb, segment)
    return True


def _challenge(tcb: Tcb) -> None:
    """An acknowledgement that cannot be (RFC 5961 5.2): say where we are."""
    if tcb.now - tcb.last_challenge >= tcb.personality.challenge_interval.value:
        tcb.last_challenge = tcb.now
        acknowledge(tcb)


def _update_window(tcb: Tcb, segment: Segment) -> None:
    """SND.WND from the newest segment only (SND.WL1, SND.WL2)."""
    if (
        before(tcb.snd_una, segment.ack)
        or before(tcb.snd_wl1, segment.seq)
        or (
            tcb.snd_wl1 == segment.seq
            and (segment.window << tcb.snd_scale) > tcb.snd_wnd
        )
        or (tcb.snd_wl1 == segment.seq and not before(segment.ack, tcb.snd_wl2))
    ):
        tcb.snd_wnd = segment.window << tcb.snd_scale
        tcb.max_snd_wnd = max(tcb.max_snd_wnd, tcb.snd_wnd)
        tcb.snd_wl1 = segment.seq
        tcb.snd_wl2 = segment.ack


def _check_window(tcb: Tcb) -> None:
    """Nothing is in flight: probe a window that holds what is left."""
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


def _take_sack(tcb: Tcb, segment: Segment) -> None:
    for entry in tcb.flight:
        for left, right in segment.options.sack:
            if not before(entry.seq, left) and not before(right, entry.end):
                entry.sacked = True
                entry.lost = False


def _free(tcb: Tcb, segment: Segment) -> None:
    ack = segment.ack
    sample = -1
    again = False
    count = 0
    flight = tcb.flight
    while flight and not before(ack, flight[0].end):
        entry = flight.popleft()
        count += 1
        if entry.times > 1:
            again = True
        elif sample < 0 and not entry.sacked:
            sample = tcb.now - entry.sent
    if flight and before(flight[0].seq, ack):
        head = flight[0]
        head.payload = head.payload[distance(head.seq, ack) :]
        head.seq = ack
    tcb.snd_una = ack
    tcb.dup_acks = 0
    tcb.tlp_out = False
    tcb.retransmits = 0
    tcb.backoff = 0
    tcb.probe_started = -1
    tcb.first_sent = tcb.now if flight else -1
    tcb.first_resent = -1
    if sample >= 0 and not again:
        round_trip(tcb, sample)
    elif tcb.ts_ok and segment.options.timestamp and segment.options.timestamp[1]:
        ticks = (timestamp(tcb) - segment.options.timestamp[1]) & 0xFFFFFFFF
        round_trip(tcb, ticks * tcb.personality.timestamp_tick.value)
    # A window that is not used does not grow (RFC 7661; tcp_is_cwnd_limited).
    if tcb.cwnd < tcb.ssthresh:
        if tcb.cwnd_limited or tcb.cwnd < 2 * tcb.most_out:
            tcb.cwnd = min(tcb.cwnd + count, tcb.ssthresh)
    else:
        tcb.cwnd += count > 0 and tcb.cwnd_limited and len(flight) + count >= tcb.cwnd


def _duplicate(tcb: Tcb) -> None:
    """Three segments beyond a gap, or three duplicates: the head is lost."""
    tcb.dup_acks += 1
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
    """Our FIN arrived (3.10.7.4, fifth); False if the connection is over."""
    tcb.fin_acked = True
    if tcb.state is State.FIN_WAIT_1:
        tcb.move(Event.ACK_OF_FIN, rules.FIN_ACKNOWLEDGED)
        if tcb.orphan:
            if tcb.linger2 < 0:
                _reset_for(tcb, segment, rules.LINGER2_NEGATIVE)
                return False
            start_fin_wait_2(tcb)
            if segment.payload or segment.flags & FIN:
                tcb.mini = False  # a socket still has to look at what came with it
    elif tcb.state is State.CLOSING:
        tcb.move(Event.ACK_OF_FIN, rules.FIN_ACKNOWLEDGED)
        time_wait(tcb)
    elif tcb.state is State.LAST_ACK:
        tcb.move(Event.ACK_OF_FIN, rules.FIN_ACKNOWLEDGED)
        return False
    return True


def _reset_for(tcb: Tcb, segment: Segment, rule: rules.Rule) -> None:
    reset = passive_reset(segment, tcb.personality, tcb.now)
    if reset is not None:
        tcb.outbox.append(reset)
    tcb.note("tcp_send_reset", "TCP_ABORT_ON_DATA")
    tcb.note("counter", "TCPAbortOnData")
    tcb.move(Event.ABORT, rule)
