"""Data and FIN that arrive (RFC 9293 3.10.7.4, seventh and eighth).

Octets in order go to the receive queue, others wait for the gap to be filled.
When to acknowledge is here as well: at once, or after the delay (RFC 9293
3.8.6.3).
"""

from typing import Final

from lastack.sim import rules
from lastack.sim.delayed_ack import data_received, end_dialogue, plan_acknowledgement
from lastack.sim.output import acknowledge
from lastack.sim.personality import ReadShutdown
from lastack.sim.receive_window import buffer_cost, forget_gaps, grow, keep
from lastack.sim.reset import passive_reset
from lastack.sim.tcb import Tcb
from lastack.sim.waiting import time_wait
from lastack.tcp.flags import FIN, PSH, URG
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before, distance
from lastack.tcp.states import Event, State

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
            end_dialogue(tcb)
            tcb.ack_now = True
            return
        payload = payload[-ahead:]
        seq = tcb.rcv_nxt
    room = tcb.receive_window - distance(tcb.rcv_nxt, seq)
    if len(payload) > room:
        payload = payload[: max(room, 0)]
        fin = False
        if not payload:
            end_dialogue(tcb)
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
        data_received(tcb, len(payload), pushed=bool(segment.flags & PSH))
    if fin:
        _fin_arrives(tcb)
    if tcb.state is not State.TIME_WAIT:
        plan_acknowledgement(tcb)


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
        keep(tcb, len(payload))


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
            break
    else:
        tcb.out_of_order.append((seq, payload, fin))
    tcb.memory += buffer_cost(tcb, len(payload))[0]
    if tcb.sack_ok and grow(tcb, len(payload)):
        tcb.quick |= 1


def _fill(tcb: Tcb) -> bool:
    """Take what the gap had held back; return whether a FIN came with it."""
    fin = False
    while tcb.out_of_order:
        seq, payload, has_fin = tcb.out_of_order[0]
        ahead = distance(tcb.rcv_nxt, seq)
        if ahead > 0:
            break
        tcb.out_of_order.pop(0)
        tcb.memory -= buffer_cost(tcb, len(payload))[0]
        if -ahead <= len(payload):
            _accept(tcb, payload[-ahead:] if ahead else payload)
            fin = fin or has_fin
    return fin


def _fin_arrives(tcb: Tcb) -> None:
    """Eighth: the peer will send no more."""
    p = tcb.personality
    tcb.rcv_nxt = add(tcb.rcv_nxt, 1)
    tcb.done = True
    forget_gaps(tcb)
    if tcb.state is State.FIN_WAIT_2:
        tcb.move(Event.FIN, rules.FIN_RECEIVED)
        acknowledge(tcb)
        time_wait(tcb)
        return
    tcb.move(Event.FIN, rules.FIN_RECEIVED)
    if p.fin_ack_delayed.value and tcb.state is State.CLOSE_WAIT:
        tcb.pingpong = True
        tcb.ack_due = True
    else:
        tcb.ack_now = True
