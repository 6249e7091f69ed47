"""TIME_WAIT, and FIN_WAIT_2 without a program: a connection that only waits.

Linux keeps no socket for it but a small record (a "mini socket", or bucket),
which answers less than a socket would: its acknowledgements carry IP ID 0, and
data or a wrong FIN gets a RST (tcp_minisocks.c:tcp_timewait_state_process).
"""

from lastack.sim import rules
from lastack.sim.clock import Timer, arm
from lastack.sim.output import acknowledge
from lastack.sim.receive_window import forget_gaps
from lastack.sim.reset import passive_reset
from lastack.sim.tcb import NEVER, Tcb
from lastack.tcp.flags import ACK, FIN, RST, SYN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before
from lastack.tcp.states import TRANSITIONS, Event, State


def time_wait(tcb: Tcb) -> None:
    """Enter TIME_WAIT, or begin its time anew (RFC 9293 3.6.1, 2 MSL)."""
    p = tcb.personality
    tcb.deadlines.clear()
    if not tcb.mini:
        begin_mini_socket(tcb)
    tcb.mini = p.mini_sockets.value
    tcb.receive_queue = tcb.receive_queue if not tcb.orphan else bytearray()
    arm(tcb, Timer.TIME_WAIT, p.time_wait.value)


def begin_mini_socket(tcb: Tcb) -> None:
    """Forget what a bucket does not keep: what came out of order, and whom it told."""
    forget_gaps(tcb)
    tcb.sacks.clear()
    tcb.dsack = None
    tcb.last_challenge = -NEVER


def segment_arrives_at_mini_socket(tcb: Tcb, segment: Segment) -> None:
    """What a waiting connection answers."""
    if tcb.state is State.FIN_WAIT_2:
        _at_fin_wait_2(tcb, segment)
    else:
        _at_time_wait(tcb, segment)


def stale(tcb: Tcb, segment: Segment) -> bool:
    """Whether the timestamp is older than one seen before (RFC 7323 5, PAWS).

    A RST's too: it is believed for its number only after a minute (tcp_paws_reject).
    """
    ts = segment.options.timestamp
    recent = tcb.ts_recent
    return tcb.ts_ok and ts is not None and recent != 0 and before(ts[0], recent)


def in_window(tcb: Tcb, segment: Segment, edge: int) -> bool:
    """Whether any of a segment lies from RCV.NXT to `edge` (tcp_in_window)."""
    end = add(segment.seq, segment.length)
    return (
        segment.seq == tcb.rcv_nxt
        or (before(tcb.rcv_nxt, end) and before(segment.seq, edge))
        or (segment.seq == edge == end)
    )


def _at_fin_wait_2(tcb: Tcb, segment: Segment) -> None:
    flags = segment.flags
    end = add(segment.seq, segment.length)
    edge = add(tcb.rcv_nxt, tcb.receive_window)
    if stale(tcb, segment) or not in_window(tcb, segment, edge):
        _acknowledge_sometimes(tcb, segment)
    elif flags & RST:
        tcb.move(Event.RESET, rules.RESET_RECEIVED)
    elif flags & SYN and not before(segment.seq, tcb.rcv_nxt):
        _refuse(tcb, segment)
    elif not flags & ACK or not before(tcb.rcv_nxt, end) or not segment.length:
        pass
    elif not flags & FIN or end != add(tcb.rcv_nxt, 1):
        _refuse(tcb, segment)  # new data after a close in both directions
    else:
        tcb.rcv_nxt = end
        tcb.done = True
        if segment.options.timestamp is not None:
            tcb.ts_recent = segment.options.timestamp[0]
        tcb.move(Event.FIN, rules.FIN_RECEIVED)
        time_wait(tcb)
        acknowledge(tcb)


def _refuse(tcb: Tcb, segment: Segment) -> None:
    reset = passive_reset(segment, tcb.personality, tcb.now)
    if reset is not None:
        tcb.outbox.append(reset)
    tcb.note("tcp_send_reset", "TCP_TIMEWAIT_SOCKET")
    source = tcb.personality.mini_sockets.source
    tcb.move(Event.ABORT, rules.DATA_AFTER_CLOSE, source)


def _at_time_wait(tcb: Tcb, segment: Segment) -> None:
    flags = segment.flags
    old = stale(tcb, segment)
    ts = segment.options.timestamp
    if not old and segment.seq == tcb.rcv_nxt and (flags & RST or not segment.length):
        if flags & RST and tcb.personality.reset_ends_time_wait.value:
            source = tcb.personality.reset_ends_time_wait.source
            tcb.move(Event.RESET, rules.TIME_WAIT_RESET, source)
            return
        if not flags & RST:
            time_wait(tcb)
        if tcb.ts_ok and ts is not None:
            tcb.ts_recent = ts[0]
        return
    if flags & RST:
        return
    if may_reuse(tcb, segment):
        acknowledge(tcb)  # nobody listens who could take the SYN
        return
    if old or flags & ACK:
        time_wait(tcb)
    _acknowledge_sometimes(tcb, segment)


def may_reuse(tcb: Tcb, segment: Segment) -> bool:
    """Whether a SYN may replace this TIME_WAIT at once (RFC 6191; 1122 4.2.2.13)."""
    ts = segment.options.timestamp
    return (
        tcb.state is State.TIME_WAIT
        and segment.flags & (SYN | ACK | RST) == SYN
        and not stale(tcb, segment)
        and (
            before(tcb.rcv_nxt, segment.seq)
            or (tcb.ts_ok and ts is not None and before(tcb.ts_recent, ts[0]))
        )
    )


def reused(tcb: Tcb, now: int) -> rules.Transition:
    """Return the transition by which a SYN replaces this TIME_WAIT."""
    after = TRANSITIONS[tcb.state][Event.SYN]
    return rules.Transition(now, tcb.state, after, Event.SYN, rules.TIME_WAIT_REUSED)


def may_answer(tcb: Tcb, segment: Segment) -> bool:
    """Whether what is out of place may be answered now (tcp_oow_rate_limited).

    Data always; the rest not too often, lest two sides answer each other for ever.
    """
    if segment.length and not segment.flags & SYN:
        return True
    return may_challenge(tcb)


def may_challenge(tcb: Tcb) -> bool:
    """Whether the last such answer is long enough ago (RFC 5961 7)."""
    p = tcb.personality
    tick = p.tick.value
    present = (tcb.now + tcb.phase) // tick
    last = (tcb.last_challenge + tcb.phase) // tick
    if (present - last) * tick < p.challenge_interval.value:
        return False
    tcb.last_challenge = tcb.now
    return True


def _acknowledge_sometimes(tcb: Tcb, segment: Segment) -> None:
    if may_answer(tcb, segment):
        acknowledge(tcb)
