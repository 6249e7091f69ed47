"""A request: a listener's connection before the handshake's last step.

SYN-RECEIVED of RFC 9293 3.10.7.4, as Linux has it for what is not yet a socket
(tcp_minisocks.c:tcp_check_req): the ACK is looked at first, so that a segment
with a wrong one goes to the listener, which answers with a RST and forgets
nothing. What completes the handshake goes on to the new connection.
"""

from lastack.sim import rules
from lastack.sim.clock import Timer, arm
from lastack.sim.output import emit
from lastack.sim.reset import passive_reset
from lastack.sim.syn import send_syn
from lastack.sim.tcb import NEVER, Tcb
from lastack.sim.waiting import in_window, may_answer, may_challenge, stale
from lastack.tcp.flags import ACK, RST, SYN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, distance
from lastack.tcp.states import Event


def completes(tcb: Tcb, segment: Segment) -> bool:
    """Do what a segment does to a request; say whether the handshake is done."""
    flags = segment.flags & (RST | SYN | ACK)
    old = stale(tcb, segment) or _echoes_another(tcb, segment)
    edge = add(tcb.rcv_nxt, tcb.receive_window)
    if flags & RST:
        if not old and in_window(tcb, segment, edge):
            _reset_arrives(tcb, segment)
        return False
    if segment.seq == tcb.irs and flags == SYN and not stale(tcb, segment):
        if may_answer(tcb, segment):
            _answer_again(tcb)
        return False
    if flags & ACK and segment.ack != tcb.snd_nxt:
        _refuse(tcb, segment, "TCP_FLAGS")
        return False
    if old or not in_window(tcb, segment, edge):
        if may_answer(tcb, segment):
            emit(tcb, ACK, tcb.snd_nxt)
        return False
    if segment.seq == tcb.irs:
        flags &= ~SYN  # it lies before the window, and is cut off
    if flags & SYN:
        _refuse(tcb, segment, "INVALID_SYN")
        tcb.note("counter", "EmbryonicRsts")
        tcb.move(Event.RESET, rules.RESET_RECEIVED)
        return False
    if not flags & ACK:
        return False
    tcb.last_challenge = -NEVER  # the socket counts anew
    ts = segment.options.timestamp
    if ts is not None and distance(tcb.rcv_nxt, segment.seq) <= 0:
        tcb.ts_recent = ts[0]
    return True


def _answer_again(tcb: Tcb) -> None:
    """The SYN again: our answer was lost, and its timer begins anew."""
    send_syn(tcb)
    if Timer.RETRANSMISSION in tcb.deadlines:
        wait = min(tcb.rto << tcb.backoff, tcb.personality.rto_max.value)
        arm(tcb, Timer.RETRANSMISSION, wait)


def _reset_arrives(tcb: Tcb, segment: Segment) -> None:
    """RFC 5961 3.2 for a request: exactly at RCV.NXT, or a challenge."""
    if segment.seq == tcb.rcv_nxt:
        tcb.note("counter", "EmbryonicRsts")
        tcb.move(Event.RESET, rules.RESET_RECEIVED)
    elif may_challenge(tcb):
        tcb.note("counter", "TCPChallengeACK")
        emit(tcb, ACK, tcb.snd_nxt)


def _echoes_another(tcb: Tcb, segment: Segment) -> bool:
    """Whether the timestamp echoed is of no SYN-ACK (tcp_check_req, tsecr_reject)."""
    ts = segment.options.timestamp
    if (
        not tcb.ts_ok
        or ts is None
        or not ts[1]
        or not tcb.personality.checks_echo.value
    ):
        return False
    first, last = tcb.syn_stamps
    return (ts[1] - first) % (1 << 32) > (last - first) % (1 << 32)


def _refuse(tcb: Tcb, segment: Segment, reason: str) -> None:
    reset = passive_reset(segment, tcb.personality, tcb.now)
    if reset is not None:
        tcb.outbox.append(reset)
        tcb.note("tcp_send_reset", reason)
