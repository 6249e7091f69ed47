"""SEGMENT ARRIVES (RFC 9293 3.10.7): what a segment does to a connection.

The order of the checks is the RFC's, with RFC 5961 against forged segments and
RFC 7323 against old ones. `opening.py` has the handshake, `request.py` its last
step at a listener, `waiting.py` the states that end a connection, `delivery.py`
what becomes of data and FIN.
"""

from typing import Final

from lastack.sim import rules
from lastack.sim.acknowledgement import (
    Verdict,
    acknowledgement_arrives,
    judge,
    take_timestamp,
    updates_window,
)
from lastack.sim.delayed_ack import end_dialogue, plan_acknowledgement
from lastack.sim.delivery import came_twice, data_arrives
from lastack.sim.opening import at_listener, at_syn_sent, complete
from lastack.sim.output import acknowledge, transmit
from lastack.sim.personality import MS
from lastack.sim.receive_window import discard
from lastack.sim.request import completes
from lastack.sim.reset import refuse
from lastack.sim.tcb import Tcb
from lastack.sim.waiting import (
    may_answer,
    may_challenge,
    segment_arrives_at_mini_socket,
    stale,
)
from lastack.tcp.flags import ACK, FIN, PSH, RST, SYN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before, distance
from lastack.tcp.states import Event, State

_SOON: Final = 8 * MS
_FASTEST_CLOCK: Final = 1200  # a peer's timestamps tick no faster, in hertz
_TICKS: Final = 250
_AFTER_FIN: Final = frozenset({State.CLOSE_WAIT, State.LAST_ACK, State.CLOSING})


def segment_arrives(tcb: Tcb, segment: Segment) -> None:
    """Let `segment` arrive; what follows is in the outbox and the events."""
    state = tcb.state
    if state is State.CLOSED:
        refuse(tcb, segment, "NO_SOCKET")
    elif state is State.LISTEN:
        at_listener(tcb, segment)
    elif state is State.SYN_SENT:
        at_syn_sent(tcb, segment)
    elif tcb.mini or state is State.TIME_WAIT:
        segment_arrives_at_mini_socket(tcb, segment)
    else:
        _synchronized(tcb, segment)


def _synchronized(tcb: Tcb, segment: Segment) -> None:
    """3.10.7.4, for a socket that is whole (tcp_input.c:tcp_rcv_state_process)."""
    # What completes a request goes through the socket's own checks as well.
    request = tcb.state is State.SYN_RECEIVED and not tcb.active_open
    if request and not completes(tcb, segment):
        return
    if not segment.flags & (ACK | RST | SYN) or not _validates(tcb, segment):
        return
    verdict = judge(tcb, segment.ack)
    if tcb.state is State.SYN_RECEIVED:
        if verdict in (Verdict.OLD, Verdict.IMPOSSIBLE, Verdict.UNSENT):
            refuse(tcb, segment, "TCP_OLD_ACK")
            return
        take_timestamp(tcb, segment)
        complete(tcb, segment)
    elif verdict is Verdict.NEW:
        take_timestamp(tcb, segment)
        if not acknowledgement_arrives(tcb, segment):
            return
    else:
        if _is_predicted(tcb, segment):
            tcb.ts_recent = (segment.options.timestamp or (0, 0))[0]
        if verdict is not Verdict.OLD:
            challenge(tcb, "TCPChallengeACK")
            return
    data_arrives(tcb, segment)
    if tcb.state is State.CLOSED or tcb.mini:
        return
    transmit(tcb)
    plan_acknowledgement(tcb)
    if tcb.ack_now:
        acknowledge(tcb)


def _is_predicted(tcb: Tcb, segment: Segment) -> bool:
    """Whether only the number of a bare acknowledgement is odd (header prediction).

    tcp_input.c:tcp_rcv_established has taken its timestamp when it looks at that.
    """
    ts = segment.options.timestamp
    return (
        tcb.personality.predicts_headers.value
        and tcb.state is State.ESTABLISHED
        and segment.flags & ~PSH == ACK
        and not segment.payload
        and segment.seq == tcb.rcv_nxt == tcb.rcv_wup
        and not before(tcb.snd_nxt, segment.ack)
        and segment.window << tcb.snd_scale == tcb.snd_wnd
        and not tcb.out_of_order
        and not segment.options.sack
        and (ts is not None) == tcb.ts_ok
    )


def _validates(tcb: Tcb, segment: Segment) -> bool:
    """First to fourth: timestamp, sequence number, RST, SYN (tcp_validate_incoming)."""
    flags = segment.flags
    if stale(tcb, segment) and _disordered(tcb, segment) and not flags & RST:
        ahead = distance(tcb.rcv_nxt, segment.seq)
        if flags & SYN:
            challenge(tcb, "TCPSYNChallenge")
        elif segment.length or not flags & ACK or ahead >= 0:
            _say_again(tcb, segment)
        return False
    if not _acceptable(tcb, segment):
        if not flags & RST:
            if flags & SYN:
                challenge(tcb, "TCPSYNChallenge")
            else:
                _say_again(tcb, segment)
        elif _precedes_fin(tcb, segment):
            reset_by_peer(tcb)
        return False
    if flags & RST:
        _reset_arrives(tcb, segment)
        return False
    if flags & SYN and not _repeats_handshake(tcb, segment):
        challenge(tcb, "TCPSYNChallenge")
        return False
    return True


def _disordered(tcb: Tcb, segment: Segment) -> bool:
    """Whether an old timestamp shows an old segment, and not reordered ACKs.

    tcp_input.c:tcp_disordered_ack_check: a bare duplicate may be as old as an RTO.
    """
    ts = segment.options.timestamp
    if ts is None or not segment.flags & ACK or segment.length:
        return True
    if segment.seq != tcb.rcv_nxt or segment.ack != tcb.snd_una:
        return True
    if updates_window(tcb, segment):
        return True
    replay = tcb.rto // tcb.personality.tick.value * _FASTEST_CLOCK // _TICKS
    return distance(ts[0], tcb.ts_recent) > replay


def _acceptable(tcb: Tcb, segment: Segment) -> bool:
    """The test of 3.4: nothing before what was confirmed or beyond the window.

    A FIN may lie beyond, and so may data while none waits to be read
    (tcp_input.c:tcp_sequence).
    """
    end = add(segment.seq, segment.length)
    if before(end, tcb.rcv_wup):
        return False
    edge = add(tcb.rcv_nxt, tcb.receive_window)
    fin = bool(segment.flags & FIN)
    if not before(edge, add(end, -fin)):
        return True
    empty = not tcb.receive_queue and not tcb.fin_unread
    return not before(edge, segment.seq) and empty


def _say_again(tcb: Tcb, segment: Segment) -> None:
    """Repeat the acknowledgement, unless that was done just now (tcp_send_dupack)."""
    if not may_answer(tcb, segment):
        tcb.note("counter", "TCPACKSkippedSeq")
        return
    if segment.length and before(segment.seq, tcb.rcv_nxt):
        end_dialogue(tcb)
        end = add(segment.seq, segment.length)
        came_twice(tcb, segment.seq, end if before(end, tcb.rcv_nxt) else tcb.rcv_nxt)
    acknowledge(tcb)


def _precedes_fin(tcb: Tcb, segment: Segment) -> bool:
    """A RST one left of RCV.NXT, from a peer that forgot its FIN."""
    return (
        tcb.personality.reset_before_fin.value
        and tcb.state in _AFTER_FIN
        and add(segment.seq, 1) == tcb.rcv_nxt
    )


def _reset_arrives(tcb: Tcb, segment: Segment) -> None:
    """RFC 5961 3.2: exactly at RCV.NXT or behind the last block, or a challenge."""
    exact = segment.seq == tcb.rcv_nxt or _precedes_fin(tcb, segment)
    if not exact and tcb.sacks and tcb.sack_ok:
        ends = [end for _, end in tcb.sacks]
        exact = segment.seq == max(ends, key=lambda it: distance(tcb.rcv_nxt, it))
    if exact:
        reset_by_peer(tcb)
    else:
        challenge(tcb, "TCPChallengeACK")


def _repeats_handshake(tcb: Tcb, segment: Segment) -> bool:
    """Whether a SYN-ACK answers our SYN-ACK: two SYNs had crossed (figure 7)."""
    return (
        tcb.state is State.SYN_RECEIVED
        and bool(segment.flags & ACK)
        and segment.length == 1
        and add(segment.seq, 1) == tcb.rcv_nxt
        and segment.ack == tcb.snd_nxt
    )


def reset_by_peer(tcb: Tcb) -> None:
    """A RST was believed: the errno depends on the state, and on the system."""
    p = tcb.personality
    source = ""
    if tcb.state is State.SYN_RECEIVED and tcb.active_open:
        tcb.error = p.reset_in_crossed_open.value
        source = p.reset_in_crossed_open.source
    elif tcb.state is State.CLOSE_WAIT:
        tcb.error = p.reset_in_close_wait.value
        source = p.reset_in_close_wait.source
    else:
        tcb.error = "ECONNRESET"
    if p.reset_discards_unread.value:
        discard(tcb)
    tcb.reset_by_peer = True
    tcb.note("tcp_receive_reset", tcb.error)
    tcb.move(Event.RESET, rules.RESET_RECEIVED, source)


def challenge(tcb: Tcb, counter: str) -> None:
    """Ask the sender to prove itself (RFC 5961 3.2, 4.2), not too often."""
    if may_challenge(tcb):
        tcb.note("counter", counter)
        acknowledge(tcb)
