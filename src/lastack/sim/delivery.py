"""Data and FIN that arrive (RFC 9293 3.10.7.4, seventh and eighth).

Octets in order go to the receive queue, others wait for the gap to be filled.
When to acknowledge is here as well: at once, or after the delay (RFC 9293
3.8.6.3).
"""

from typing import Final

from lastack.sim import rules
from lastack.sim.clock import arm
from lastack.sim.output import acknowledge, segment_size, window_on_offer
from lastack.sim.personality import Acknowledge, ReadShutdown
from lastack.sim.reset import passive_reset
from lastack.sim.tcb import Tcb, Timer
from lastack.sim.waiting import time_wait
from lastack.tcp.flags import FIN, PSH, URG
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before, distance
from lastack.tcp.states import Event, State

_QUICK_LIMIT: Final = 16
_LEAST_MSS: Final = 536
_SENT_FIN: Final = frozenset({State.FIN_WAIT_1, State.FIN_WAIT_2})
_GOT_FIN: Final = frozenset({State.CLOSE_WAIT, State.CLOSING, State.LAST_ACK})


def data_arrives(tcb: Tcb, segment: Segment) -> None:
    """Take the segment's octets and its FIN."""
    fin = bool(segment.flags & FIN)
    end_of_data = add(segment.seq, len(segment.payload))
    if _refused(tcb, segment, end_of_data):
        return
    if tcb.state in _GOT_FIN:
        tcb.ack_now = True  # what came again; nothing may follow a FIN
        if tcb.sack_ok and before(segment.seq, tcb.rcv_nxt):
            tcb.dsack = (segment.seq, add(end_of_data, fin))
        return
    seq, payload = segment.seq, segment.payload
    ahead = distance(tcb.rcv_nxt, seq)
    if ahead < 0:
        if not before(tcb.rcv_nxt, add(end_of_data, fin)):
            tcb.dsack = (seq, end_of_data) if tcb.sack_ok and payload else None
            tcb.ack_now = True
            return
        payload = payload[-ahead:]
        seq = tcb.rcv_nxt
    room = tcb.receive_window - distance(tcb.rcv_nxt, seq)
    if len(payload) > room:
        payload = payload[: max(room, 0)]
        fin = False
        if not payload:
            tcb.ack_now = True
            return
    if seq != tcb.rcv_nxt:
        _keep(tcb, seq, payload, fin=fin)
        tcb.ack_now = True
        return
    gaps = bool(tcb.out_of_order)
    _accept(tcb, payload)
    if segment.flags & URG:
        tcb.urgent = payload[-1:]
    if gaps:
        fin = _fill(tcb) or fin
        tcb.ack_now = True
    if payload:
        if len(payload) >= _LEAST_MSS:
            # tcp_grow_window: twice the segment, up to the whole buffer.
            grown = min(tcb.window_clamp + 2 * len(payload), tcb.capacity)
            if grown <= tcb.window_limit:
                tcb.window_clamp = grown
        # ICSK_ACK_PUSHED, and PUSHED2 from the second on.
        tcb.pushed_in += bool(segment.flags & PSH) or len(payload) < _LEAST_MSS
        _plan_acknowledgement(tcb, len(payload))
        tcb.last_data_in = tcb.now
    if fin:
        _fin_arrives(tcb)


def _refused(tcb: Tcb, segment: Segment, end_of_data: int) -> bool:
    """New data that no program can ever read is answered by a RST.

    RFC 1122 4.2.2.13. Linux looks at the closed direction in FIN_WAIT only, and
    after the peer's own FIN; others at the missing descriptor, or at both.
    """
    new = segment.payload and before(tcb.rcv_nxt, end_of_data)
    if not new:
        return False
    habit = tcb.personality.read_shutdown
    if tcb.state in _GOT_FIN:
        dead = True
    elif habit.value is ReadShutdown.RESET:
        dead = tcb.shut_read
    elif habit.value is ReadShutdown.READABLE:
        dead = tcb.shut_read and tcb.state in _SENT_FIN
    else:
        dead = tcb.orphan
    if not dead:
        return False
    reset = passive_reset(segment, tcb.personality, tcb.now)
    if reset is not None:
        tcb.outbox.append(reset)
    if not tcb.orphan:
        tcb.error = "EPIPE" if tcb.state is State.CLOSE_WAIT else "ECONNRESET"
    tcb.note("tcp_send_reset", "TCP_ABORT_ON_DATA")
    tcb.note("counter", "TCPAbortOnData")
    tcb.move(Event.ABORT, rules.DATA_AFTER_CLOSE, habit.source)
    return True


def _accept(tcb: Tcb, payload: bytes) -> None:
    if not payload:
        return
    tcb.rcv_nxt = add(tcb.rcv_nxt, len(payload))
    tcb.received_anything = True
    discards = tcb.shut_read and (
        tcb.personality.read_shutdown.value is not ReadShutdown.READABLE
    )
    if not discards:
        tcb.receive_queue += payload


def _keep(tcb: Tcb, seq: int, payload: bytes, *, fin: bool) -> None:
    """Keep a segment beyond a gap, in order and once."""
    start = distance(tcb.rcv_nxt, seq)
    for index, (held, data, _) in enumerate(tcb.out_of_order):
        begins = distance(tcb.rcv_nxt, held)
        if begins == start and len(data) >= len(payload):
            tcb.dsack = (seq, add(seq, len(payload))) if tcb.sack_ok else None
            return
        if begins > start:
            tcb.out_of_order.insert(index, (seq, payload, fin))
            return
    tcb.out_of_order.append((seq, payload, fin))


def _fill(tcb: Tcb) -> bool:
    """Take what the gap had held back; return whether a FIN came with it."""
    fin = False
    while tcb.out_of_order:
        seq, payload, has_fin = tcb.out_of_order[0]
        ahead = distance(tcb.rcv_nxt, seq)
        if ahead > 0:
            break
        tcb.out_of_order.pop(0)
        if -ahead <= len(payload):
            _accept(tcb, payload[-ahead:] if ahead else payload)
            fin = fin or has_fin
    return fin


def _plan_acknowledgement(tcb: Tcb, count: int) -> None:
    """Decide whether to acknowledge now or later."""
    p = tcb.personality
    unconfirmed = distance(tcb.rcv_wup, tcb.rcv_nxt)
    size = segment_size(tcb)
    if p.acknowledge.value is Acknowledge.SECOND:
        if unconfirmed >= 2 * size:
            tcb.ack_now = True
    else:
        if not tcb.quick_given:
            tcb.quick_given = True
            offered = tcb.last_window << tcb.rcv_scale
            quick = offered // (2 * max(min(count, size), _LEAST_MSS))
            tcb.quick = min(quick or 2, _QUICK_LIMIT)
        # More than a full segment, and the reader keeps up with it.
        offered = tcb.last_window << tcb.rcv_scale
        if (unconfirmed > size and window_on_offer(tcb) >= offered) or (
            tcb.quick and not tcb.pingpong
        ):
            tcb.ack_now = True
    if not tcb.ack_now and Timer.DELAYED_ACK not in tcb.deadlines:
        arm(tcb, Timer.DELAYED_ACK, p.delayed_ack.value)


def _fin_arrives(tcb: Tcb) -> None:
    """Eighth: the peer will send no more."""
    p = tcb.personality
    tcb.rcv_nxt = add(tcb.rcv_nxt, 1)
    tcb.done = True
    tcb.out_of_order.clear()
    if tcb.state is State.FIN_WAIT_2:
        tcb.move(Event.FIN, rules.FIN_RECEIVED)
        acknowledge(tcb)
        time_wait(tcb)
        return
    tcb.move(Event.FIN, rules.FIN_RECEIVED)
    if p.fin_ack_delayed.value and tcb.state is State.CLOSE_WAIT:
        tcb.pingpong = True
        if not tcb.ack_now and Timer.DELAYED_ACK not in tcb.deadlines:
            # icsk_ack.ato is 0 until data came: the next tick.
            delay = p.delayed_ack.value if tcb.received_anything else 0
            arm(tcb, Timer.DELAYED_ACK, delay)
    else:
        tcb.ack_now = True
