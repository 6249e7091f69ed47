"""Data and FIN that arrive (RFC 9293 3.10.7.4, seventh and eighth).

Octets in order go to the receive queue, others wait for the gap to be filled.
When to acknowledge is here as well: at once, or after the delay (RFC 9293
3.8.6.3).
"""

from typing import Final

from lastack.sim import rules
from lastack.sim.delayed_ack import data_received, end_dialogue
from lastack.sim.output import acknowledge
from lastack.sim.personality import ReadShutdown
from lastack.sim.receive_window import (
    buffer_cost,
    forget_gaps,
    grow,
    hold,
    keep,
    measure,
    measure_trip,
    release,
)
from lastack.sim.reset import passive_reset, timestamp
from lastack.sim.tcb import Tcb
from lastack.sim.urgent import announced, arrived, at_mark
from lastack.sim.waiting import time_wait
from lastack.tcp.flags import FIN, PSH, URG
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before, distance
from lastack.tcp.states import Event, State

_MOST_BLOCKS: Final = 4
_SENT_FIN: Final = frozenset({State.FIN_WAIT_1, State.FIN_WAIT_2})
_GOT_FIN: Final = frozenset({State.CLOSE_WAIT, State.CLOSING, State.LAST_ACK})


def data_arrives(tcb: Tcb, segment: Segment) -> None:
    """Take the segment's octets and its FIN (tcp_input.c:tcp_data_queue)."""
    _urgent_arrives(tcb, segment)
    fin = bool(segment.flags & FIN)
    end = add(segment.seq, segment.length)
    if tcb.state in _GOT_FIN and not before(segment.seq, tcb.rcv_nxt):
        return  # nothing may follow a FIN
    if _refused(tcb, segment, add(segment.seq, len(segment.payload))):
        return
    if not segment.length:
        return
    stamp = segment.options.timestamp
    if tcb.ts_ok and stamp is not None and stamp[1]:
        late = (timestamp(tcb) - stamp[1]) & 0xFFFFFFFF
        if late:
            tick = tcb.personality.timestamp_tick.value
            measure_trip(tcb, segment.length, stamp[1], late * tick)
    tcb.dsack = None
    ahead = distance(tcb.rcv_nxt, segment.seq)
    window = tcb.receive_window
    if ahead > 0 and ahead < window:
        _keep(tcb, segment.seq, segment.payload, fin=fin)
        return
    if ahead < 0:
        left = end if not before(tcb.rcv_nxt, end) else tcb.rcv_nxt
        came_twice(tcb, segment.seq, left)
    bare_fin = fin and not segment.payload
    if (
        ahead > 0
        or not before(tcb.rcv_nxt, end)
        or (not window and not (bare_fin and not ahead))
    ):
        end_dialogue(tcb)
        tcb.ack_due = tcb.ack_now = True
        return
    _in_order(tcb, segment, segment.payload[-ahead:] if ahead else segment.payload)


def _urgent_arrives(tcb: Tcb, segment: Segment) -> None:
    """Sixth: the urgent pointer (tcp_input.c:tcp_urg)."""
    passes = at_mark(tcb) and bool(tcb.receive_queue)
    if segment.flags & URG and announced(tcb, segment) and passes:
        # Nothing but the urgent octet before may be unread; it is passed over.
        del tcb.receive_queue[:1]
        release(tcb, 1)
    arrived(tcb, segment)


def came_twice(tcb: Tcb, left: int, right: int) -> None:
    """Say in the next acknowledgement which octets came twice (RFC 2883)."""
    if tcb.sack_ok:
        tcb.dsack = left, right


def _in_order(tcb: Tcb, segment: Segment, payload: bytes) -> None:
    """Take `payload`, which begins at RCV.NXT, and what it makes whole."""
    fin = bool(segment.flags & FIN)
    gaps = bool(tcb.out_of_order)
    _accept(tcb, payload)
    if segment.payload:
        # Measured as it came, with what had come before.
        size = len(segment.payload)
        data_received(tcb, size, pushed=bool(segment.flags & PSH))
    if fin:
        _fin_arrives(tcb)
    elif gaps:
        if _fill(tcb):
            _fin_arrives(tcb)
        if not tcb.out_of_order:
            tcb.ack_now = tcb.ack_due
    tcb.sacks = [it for it in tcb.sacks if before(tcb.rcv_nxt, it[0])]


def _refused(tcb: Tcb, segment: Segment, end_of_data: int) -> bool:
    """New data that no program can ever read is answered by a RST.

    RFC 1122 4.2.2.13. Linux looks at the closed direction in FIN_WAIT only, and
    after the peer's own FIN; others at the missing descriptor, or at both.
    """
    habit = tcb.personality.read_shutdown
    # Linux refuses a FIN beyond a gap as well: data must lie between.
    whole = habit.value is ReadShutdown.READABLE
    new = segment.length if whole else segment.payload
    if not new or not before(tcb.rcv_nxt, end_of_data):
        return False
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
    """Keep a segment beyond a gap, in order and once (tcp_data_queue_ofo)."""
    tcb.ack_due = tcb.ack_now = True
    measure(tcb, len(payload))
    end = add(seq, len(payload) + fin)
    position = len(tcb.out_of_order)
    for index, (held, data, has_fin) in enumerate(tcb.out_of_order):
        last = add(held, len(data) + has_fin)
        if before(seq, held):
            position = index
            break
        if not before(seq, last):
            continue
        if not before(last, end):
            came_twice(tcb, seq, end)
            _say_received(tcb, seq, end)
            return
        if seq != held:
            came_twice(tcb, seq, last)
        else:
            came_twice(tcb, held, last)
            _forget(tcb, index)
            position = index
            break
    tcb.out_of_order.insert(position, (seq, payload, fin))
    tcb.memory += buffer_cost(tcb, len(payload))[0]
    if tcb.sack_ok and grow(tcb, len(payload)):
        tcb.quick |= 1
    while position + 1 < len(tcb.out_of_order):
        held, data, has_fin = tcb.out_of_order[position + 1]
        last = add(held, len(data) + has_fin)
        if not before(held, end):
            break
        if before(end, last):
            came_twice(tcb, held, end)
            break
        came_twice(tcb, held, last)
        _forget(tcb, position + 1)
    if tcb.accepted and not tcb.orphan:
        hold(tcb, tcb.read_space)
    _say_received(tcb, seq, end)


def _forget(tcb: Tcb, index: int) -> None:
    _, payload, _ = tcb.out_of_order.pop(index)
    tcb.memory -= buffer_cost(tcb, len(payload))[0]


def _say_received(tcb: Tcb, left: int, right: int) -> None:
    """Put what came out of order into the first block (RFC 2018 4)."""
    if not tcb.sack_ok:
        return
    blocks = tcb.sacks
    for index, (start, end) in enumerate(blocks):
        if not before(end, left) and not before(right, start):
            left = left if before(left, start) else start
            right = right if before(end, right) else end
            blocks.pop(index)
            break
    # The others that the first now reaches are part of it.
    for start, end in list(blocks):
        if not before(end, left) and not before(right, start):
            left = left if before(left, start) else start
            right = right if before(end, right) else end
            blocks.remove((start, end))
    blocks.insert(0, (left, right))
    del blocks[_MOST_BLOCKS:]


def _fill(tcb: Tcb) -> bool:
    """Take what the gap had held back; return whether a FIN came with it."""
    highest = tcb.rcv_nxt
    while tcb.out_of_order:
        seq, payload, fin = tcb.out_of_order[0]
        ahead = distance(tcb.rcv_nxt, seq)
        if ahead > 0:
            break
        if before(seq, highest):
            end = add(seq, len(payload) + fin)
            if tcb.dsack is None:  # one duplicate is told
                came_twice(tcb, seq, end if before(end, highest) else highest)
        _forget(tcb, 0)
        if -ahead < len(payload) + fin:
            _accept(tcb, payload[-ahead:] if ahead else payload)
            if fin:
                return True
    return False


def _fin_arrives(tcb: Tcb) -> None:
    """Eighth: the peer will send no more."""
    p = tcb.personality
    tcb.rcv_nxt = add(tcb.rcv_nxt, 1)
    tcb.done = True
    tcb.ack_due = True
    if tcb.state in _GOT_FIN:
        forget_gaps(tcb)
        tcb.dsack = None
        return  # another one, behind the first: it is acknowledged, and no more
    if tcb.state is State.FIN_WAIT_1:
        acknowledge(tcb)
    forget_gaps(tcb)
    if tcb.state is State.FIN_WAIT_2:
        acknowledge(tcb)
        tcb.move(Event.FIN, rules.FIN_RECEIVED)
        time_wait(tcb)
    else:
        tcb.move(Event.FIN, rules.FIN_RECEIVED)
    tcb.sacks.clear()
    tcb.dsack = None
    tcb.fin_unread = True
    if tcb.state is State.CLOSE_WAIT:
        if p.fin_ack_delayed.value:
            tcb.pingpong = True
        else:
            tcb.ack_now = True
