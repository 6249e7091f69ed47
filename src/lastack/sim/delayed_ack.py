"""When what arrived is acknowledged: now, or later (RFC 9293 3.8.6.3, RFC 5681 4.2).

Linux acknowledges at once while a connection is young and while its window
grows, unless it is a dialogue, whose answers carry the acknowledgement
("pingpong"). The delay follows the gaps between segments (tcp_input.c:
tcp_event_data_recv, __tcp_ack_snd_check; tcp_output.c: tcp_send_delayed_ack;
tcp.c: __tcp_cleanup_rbuf). Others acknowledge every second segment.
"""

from typing import Final

from lastack.sim.clock import Timer, arm, elapsed
from lastack.sim.output import acknowledge
from lastack.sim.personality import MS, Acknowledge, WindowUpdate
from lastack.sim.receive_window import capacity, grow, measure, window_on_offer
from lastack.sim.tcb import Tcb
from lastack.tcp.sequence import distance

_QUICK_LIMIT: Final = 16
_LEAST_MSS: Final = 536
_LONGEST: Final = 200 * MS  # TCP_DELACK_MAX


def data_received(tcb: Tcb, octets: int, *, pushed: bool) -> None:
    """New octets are in the receive queue; an acknowledgement is owed for them."""
    p = tcb.personality
    tcb.ack_due = True
    if p.acknowledge.value is Acknowledge.SECOND:
        measure(tcb, octets)
        grow(tcb, octets)
        tcb.last_data_in = tcb.now
        return
    # ICSK_ACK_PUSHED, and PUSHED2 when a second small segment comes.
    if octets < tcb.rcv_mss:
        tcb.pushed_in += 1
    elif pushed:
        tcb.pushed_in = max(tcb.pushed_in, 1)
    measure(tcb, octets)
    least = p.delayed_ack.value
    if not tcb.ack_delay:
        quicken(tcb)
        tcb.ack_delay = least
    else:
        gap = elapsed(tcb, tcb.last_data_in)
        if gap <= least // 2:
            tcb.ack_delay = tcb.ack_delay // 2 + least // 2
        elif gap < tcb.ack_delay:
            tcb.ack_delay = min(tcb.ack_delay // 2 + gap, tcb.rto)
        elif gap > tcb.rto:
            quicken(tcb)
    tcb.last_data_in = tcb.now
    if grow(tcb, octets):
        tcb.quick |= 1


def quicken(tcb: Tcb) -> None:
    """Acknowledge the next segments at once (tcp_incr_quickack)."""
    offered = distance(tcb.rcv_wup, tcb.rcv_adv)
    quick = offered // (2 * tcb.rcv_mss) or 2
    tcb.quick = max(tcb.quick, min(quick, _QUICK_LIMIT))


def end_dialogue(tcb: Tcb) -> None:
    """What came before came again: the peer missed our acknowledgement."""
    if tcb.personality.acknowledge.value is Acknowledge.QUICK:
        quicken(tcb)
        tcb.pingpong = False
        tcb.ack_delay = tcb.personality.delayed_ack.value


def plan_acknowledgement(tcb: Tcb) -> None:
    """Decide whether to acknowledge now or later."""
    p = tcb.personality
    if tcb.ack_now or not tcb.ack_due:
        return
    unconfirmed = distance(tcb.rcv_wup, tcb.rcv_nxt)
    if p.acknowledge.value is Acknowledge.SECOND:
        if unconfirmed >= 2 * tcb.segment_size:
            tcb.ack_now = True
        elif Timer.DELAYED_ACK not in tcb.deadlines:
            arm(tcb, Timer.DELAYED_ACK, p.delayed_ack.value)
        return
    offered = distance(tcb.rcv_wup, tcb.rcv_adv)
    # More than a full segment, and the reader keeps up with it.
    enough = unconfirmed > tcb.rcv_mss and window_on_offer(tcb) >= offered
    if enough or (tcb.quick and not tcb.pingpong) or tcb.out_of_order:
        tcb.ack_now = True
    else:
        _delay(tcb)


def _delay(tcb: Tcb) -> None:
    p = tcb.personality
    least = p.delayed_ack.value
    delay = tcb.ack_delay
    if delay > least:
        most = _LONGEST if tcb.pingpong or tcb.pushed_in else 500 * MS
        if tcb.srtt:
            most = min(most, max((tcb.srtt >> 3) * 1000, least))
        delay = min(delay, most)
    pending = tcb.deadlines.get(Timer.DELAYED_ACK)
    if pending is None:
        arm(tcb, Timer.DELAYED_ACK, delay)
        return
    tick = p.tick.value
    present = (tcb.now + tcb.phase) // tick
    due = (pending + tcb.phase) // tick - 1
    if due <= present + (delay // tick >> 2):
        tcb.ack_now = True  # it would be sent in a moment
    elif present + delay // tick < due:
        arm(tcb, Timer.DELAYED_ACK, delay)


def delay_over(tcb: Tcb) -> None:
    """The delay is over, and no answer has carried the acknowledgement."""
    p = tcb.personality
    if p.acknowledge.value is Acknowledge.QUICK:
        if tcb.pingpong:
            tcb.pingpong = False
            tcb.ack_delay = p.delayed_ack.value
        else:
            tcb.ack_delay = min(2 * tcb.ack_delay, tcb.rto)
    acknowledge(tcb)


def after_reading(tcb: Tcb) -> None:
    """A program has read: acknowledge, or say that the window opened, if due."""
    p = tcb.personality
    if (
        tcb.ack_due
        and p.acknowledge.value is Acknowledge.QUICK
        and (
            distance(tcb.rcv_wup, tcb.rcv_nxt) > tcb.rcv_mss
            or (
                not tcb.memory
                and (tcb.pushed_in > 1 or (tcb.pushed_in and not tcb.pingpong))
            )
        )
    ):
        acknowledge(tcb)
        return
    if tcb.done or tcb.shut_read:
        return
    window = tcb.receive_window
    if p.window_update.value is WindowUpdate.DOUBLED:
        if 2 * window > tcb.window_clamp:
            return
        offer = window_on_offer(tcb)
        worth = offer > 0 and offer >= 2 * window
    else:
        opened = window_on_offer(tcb) - window
        whole = min(capacity(tcb), tcb.rcv_ssthresh)
        worth = opened >= 2 * tcb.mss or 2 * opened >= whole
    if worth:
        acknowledge(tcb)
