"""What happens when a timer fires (RFC 9293 3.10.8 and its modern kin)."""

from lastack.sim import newreno, rules
from lastack.sim.calls import start_fin_wait_2
from lastack.sim.clock import Timer, arm, disarm, elapsed, timeout_now
from lastack.sim.delayed_ack import delay_over
from lastack.sim.flight import Flight
from lastack.sim.loss import begin_loss, patience_over
from lastack.sim.output import emit, retransmit, transmit
from lastack.sim.patience import await_acknowledgement, persist_interval
from lastack.sim.personality import (
    SOURCE,
    GiveUp,
    GiveUpBy,
    Keepalive,
    Probe,
    Silence,
    Sourced,
)
from lastack.sim.reset import send_active_reset
from lastack.sim.syn import send_syn
from lastack.sim.tcb import Tcb
from lastack.tcp.flags import ACK, PSH
from lastack.tcp.sequence import add
from lastack.tcp.states import Event, State

_QUIETLY = Sourced(
    Silence.NOTHING, "no system tells a peer that never answered", SOURCE
)


def expire(tcb: Tcb, timer: Timer) -> None:
    """Do what `timer` was set for; it no longer runs."""
    if timer is Timer.DELAYED_ACK:
        delay_over(tcb)
    elif timer is Timer.LOSS_PROBE:
        _probe_for_loss(tcb)
    elif timer is Timer.RETRANSMISSION:
        _retransmission(tcb)
    elif timer is Timer.REORDERING:
        patience_over(tcb)
    elif timer is Timer.PERSIST:
        _persist(tcb)
    elif timer is Timer.KEEPALIVE:
        _keepalive(tcb)
    elif timer is Timer.FIN_WAIT_2:
        _fin_wait_2(tcb)
    else:
        source = tcb.personality.time_wait.source
        tcb.move(Event.TIMEOUT, rules.TIME_WAIT_OVER, source)


def _end(tcb: Tcb, rule: rules.Rule, habit: Sourced[Silence], reason: str) -> None:
    """Give the connection up, with or without a word to the peer."""
    tcb.error = tcb.soft_error or "ETIMEDOUT"
    if habit.value is Silence.RESET:
        send_active_reset(tcb, reason)
    tcb.note("error", tcb.error)
    tcb.note("counter", "TCPAbortOnTimeout")
    tcb.move(Event.TIMEOUT, rule, habit.source)


def _probe_for_loss(tcb: Tcb) -> None:
    """RFC 8985 7.3: send something new, or the last segment again."""
    if not tcb.flight:
        return
    tcb.tlp_out = True
    before_this = tcb.snd_nxt
    patient = tcb.nodelay
    tcb.nodelay = True  # it is sent whatever Nagle says (TCP_NAGLE_OFF)
    transmit(tcb, again=False, probe=True)
    tcb.nodelay = patient
    if tcb.snd_nxt == before_this and not retransmit(tcb, tcb.flight[-1]):
        tcb.tlp_out = False
        waited = tcb.now - tcb.flight[0].sent
        arm(tcb, Timer.RETRANSMISSION, max(timeout_now(tcb) - waited, 1))
        return
    tcb.tlp_again = tcb.snd_nxt == before_this
    tcb.tlp_high = tcb.snd_nxt
    await_acknowledgement(tcb)


def _retransmission(tcb: Tcb) -> None:
    """RFC 6298 5: the oldest segment again, and twice the wait."""
    if tcb.state in (State.SYN_SENT, State.SYN_RECEIVED):
        _syn_again(tcb)
        return
    if not tcb.flight:
        return
    if _given_up(tcb):
        p = tcb.personality
        rule = rules.USER_TIMEOUT if tcb.user_timeout else rules.RETRANSMISSION_GIVEN_UP
        _end(tcb, rule, p.give_up_sends, "TCP_TIMEOUT")
        return
    newreno.forget(tcb)
    begin_loss(tcb)
    tcb.retransmits += 1
    if tcb.first_resent < 0:
        tcb.first_resent = tcb.now
    tcb.note("counter", "TCPTimeouts")
    retransmit(tcb, tcb.flight[0])
    tcb.backoff += 1
    await_acknowledgement(tcb)


def _given_up(tcb: Tcb) -> bool:
    p = tcb.personality
    if tcb.retransmits and tcb.user_timeout:
        return tcb.now - tcb.first_resent >= tcb.user_timeout
    limit: GiveUp = p.orphan_give_up.value if tcb.orphan else p.give_up.value
    if limit.by is GiveUpBy.COUNT:
        return tcb.retransmits >= limit.limit
    if limit.by is GiveUpBy.ELAPSED:
        return tcb.retransmits > 0 and tcb.now - tcb.first_sent >= limit.limit
    if not tcb.retransmits:
        return False
    return tcb.now - tcb.first_resent >= _model_timeout(tcb, limit.limit)


def _model_timeout(tcb: Tcb, boundary: int) -> int:
    """How long `boundary` doublings of the least RTO take (tcp_model_timeout)."""
    p = tcb.personality
    base, most = p.rto_min.value, p.rto_max.value
    doublings = (most // base).bit_length() - 1
    if boundary <= doublings:
        return ((2 << boundary) - 1) * base
    return ((2 << doublings) - 1) * base + (boundary - doublings) * most


def revert_backoff(tcb: Tcb) -> None:
    """A router says that the path is broken: it was no congestion (RFC 6069)."""
    if not tcb.retransmits or not tcb.backoff or not tcb.flight:
        return
    tcb.backoff -= 1
    tick = tcb.personality.tick.value
    gone = -(-(tcb.now - tcb.flight[0].sent) // tick) * tick
    left = timeout_now(tcb) - gone
    if left > 0:
        arm(tcb, Timer.RETRANSMISSION, left)
    else:
        disarm(tcb, Timer.RETRANSMISSION)
        _retransmission(tcb)


def _syn_again(tcb: Tcb) -> None:
    p = tcb.personality
    if tcb.state is State.SYN_RECEIVED and not tcb.active_open:
        if tcb.retransmits >= p.syn_ack_retries.value:
            tcb.move(Event.TIMEOUT, rules.SYN_GIVEN_UP, p.syn_ack_retries.source)
            return
        linear = 0
    else:
        linear = p.syn_linear.value
        patience = p.syn_give_up.value
        if tcb.retransmits >= p.syn_retries.value + linear or (
            patience and tcb.now - tcb.first_sent >= patience
        ):
            _end(tcb, rules.SYN_GIVEN_UP, _QUIETLY, "")
            return
    tcb.retransmits += 1
    tcb.cwnd = 1
    if tcb.retransmits > linear or tcb.state is not State.SYN_SENT:
        tcb.backoff += 1
    if tcb.retransmits >= tcb.deferred:
        send_syn(tcb)
        tcb.note("counter", "TCPSynRetrans")
    wait = min(tcb.rto << tcb.backoff, p.rto_max.value)
    if p.syn_give_up.value and tcb.active_open:
        wait = min(wait, tcb.first_sent + p.syn_give_up.value - tcb.now)
    arm(tcb, Timer.RETRANSMISSION, wait)


def _persist(tcb: Tcb) -> None:
    """RFC 9293 3.8.6.1: ask whether the window is still closed."""
    p = tcb.personality
    if tcb.probe_started < 0:
        tcb.probe_started = tcb.now
    elif tcb.user_timeout and tcb.now - tcb.probe_started >= tcb.user_timeout:
        _end(tcb, rules.USER_TIMEOUT, p.give_up_sends, "TCP_TIMEOUT")
        return
    if _persisted_enough(tcb):
        _end(tcb, rules.PERSIST_GIVEN_UP, p.give_up_sends, "TCP_TIMEOUT")
        return
    tcb.note("counter", "TCPWinProbe")
    usable = tcb.usable
    if usable > 0 and tcb.send_queue and tcb.routed:
        _send_what_fits(tcb, usable)
        return
    if not tcb.routed:
        pass  # the probe does not leave the host either
    elif p.probe.value is Probe.NEXT_OCTET and tcb.send_queue:
        emit(tcb, ACK, tcb.snd_nxt, bytes(tcb.send_queue[:1]))
    else:
        emit(tcb, ACK, add(tcb.snd_una, -1))
    tcb.probes_out += 1
    if tcb.backoff < p.persist_retries.value:
        tcb.backoff += 1
    arm(tcb, Timer.PERSIST, persist_interval(tcb))


def _persisted_enough(tcb: Tcb) -> bool:
    p = tcb.personality
    most = p.persist_retries.value
    if p.persist_idle.value:
        # BSD: by silence; a peer that answers is waited for without end.
        silent = tcb.now - tcb.last_heard
        if tcb.orphan and silent >= p.persist_orphan_limit.value:
            return True
        return tcb.probes_out >= most and silent >= p.persist_idle.value
    if tcb.orphan:
        longest = max(tcb.rto, p.persist_min.value) << tcb.backoff
        if longest >= p.persist_max.value:
            most = p.persist_orphan_retries.value
            if tcb.backoff >= most:
                return True
        else:
            most = p.orphan_give_up.value.limit
    return tcb.probes_out >= most


def _send_what_fits(tcb: Tcb, usable: int) -> None:
    """The window is open, but too small for the next segment: fill it."""
    length = min(usable, len(tcb.send_queue), tcb.segment_size)
    payload = bytes(tcb.send_queue[:length])
    del tcb.send_queue[:length]
    seq = tcb.snd_nxt
    tcb.snd_nxt = add(seq, length)
    tcb.flight.append(Flight(seq, tcb.snd_nxt, payload, ACK | PSH, tcb.now))
    emit(tcb, ACK | PSH, seq, payload)
    # No loss probe comes before the retransmission (tcp_output.c:tcp_write_wakeup).
    tcb.backoff = tcb.probes_out = 0
    arm(tcb, Timer.RETRANSMISSION, timeout_now(tcb))


def _keepalive(tcb: Tcb) -> None:
    """RFC 9293 3.8.4: ask whether the peer is still there."""
    p = tcb.personality
    if not tcb.keepalive or not tcb.synchronized or tcb.mini:
        return
    if tcb.flight or tcb.send_queue:
        arm(tcb, Timer.KEEPALIVE, tcb.keepalive_idle)
        return
    idle = elapsed(tcb, tcb.last_heard)
    if idle < tcb.keepalive_idle:
        arm(tcb, Timer.KEEPALIVE, tcb.keepalive_idle - idle)
        return
    if tcb.user_timeout:
        over = tcb.probes_out > 0 and idle >= tcb.user_timeout
    else:
        over = tcb.probes_out >= tcb.keepalive_count
    if over:
        _end(tcb, rules.KEEPALIVE_GIVEN_UP, p.keepalive_sends, "TCP_KEEPALIVE_TIMEOUT")
        return
    tcb.note("counter", "TCPKeepAlive")
    octet = b"\0" if p.keepalive_probe.value is Keepalive.ONE_OCTET else b""
    emit(tcb, ACK, add(tcb.snd_nxt, -1), octet)
    tcb.probes_out += 1
    arm(tcb, Timer.KEEPALIVE, tcb.keepalive_interval)


def _fin_wait_2(tcb: Tcb) -> None:
    p = tcb.personality
    if p.mini_sockets.value and not tcb.mini and tcb.linger2 > p.time_wait.value:
        start_fin_wait_2(tcb)
        tcb.mini = True
        return
    if p.mini_sockets.value and not tcb.mini:
        send_active_reset(tcb, "TCP_STATE")  # a FIN came that was not taken
    elif p.fin_wait_2_sends.value is Silence.RESET:
        send_active_reset(tcb, "TCP_TIMEOUT")
    source = p.fin_wait_2.source
    tcb.move(Event.TIMEOUT, rules.FIN_WAIT_2_OVER, source)
