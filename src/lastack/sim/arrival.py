"""SEGMENT ARRIVES (RFC 9293 3.10.7): what a segment does to a connection.

The order of the checks is the RFC's, with RFC 5961 against forged segments and
RFC 7323 against old ones. `waiting.py` has the states that end a connection,
`delivery.py` what becomes of data and FIN.
"""

from typing import Final

from lastack.sim import rules
from lastack.sim.acknowledgement import acknowledgement_arrives
from lastack.sim.clock import arm, disarm, round_trip
from lastack.sim.delivery import data_arrives
from lastack.sim.output import acknowledge, send_syn, transmit
from lastack.sim.personality import MS
from lastack.sim.receive_window import discard, is_small, settle_window
from lastack.sim.reset import passive_reset
from lastack.sim.tcb import Tcb, Timer
from lastack.sim.waiting import segment_arrives_at_mini_socket
from lastack.tcp.flags import ACK, FIN, RST, SYN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before, distance
from lastack.tcp.states import Event, State

_SOON: Final = 8 * MS
_AFTER_FIN: Final = frozenset({State.CLOSE_WAIT, State.LAST_ACK, State.CLOSING})


def segment_arrives(tcb: Tcb, segment: Segment) -> None:
    """Let `segment` arrive; what follows is in the outbox and the events."""
    state = tcb.state
    if state is State.CLOSED:
        refuse(tcb, segment, "NO_SOCKET")
    elif state is State.LISTEN:
        _at_listener(tcb, segment)
    elif state is State.SYN_SENT:
        _at_syn_sent(tcb, segment)
    elif tcb.mini or state is State.TIME_WAIT:
        segment_arrives_at_mini_socket(tcb, segment)
    else:
        _synchronized(tcb, segment)


def refuse(tcb: Tcb, segment: Segment, reason: str) -> None:
    """Answer with the passive form of RST, and say why."""
    reset = passive_reset(segment, tcb.personality, tcb.now)
    if reset is not None:
        tcb.outbox.append(reset)
        tcb.note("tcp_send_reset", reason)


def _take_syn(tcb: Tcb, segment: Segment) -> None:
    """Learn from the peer's SYN (RFC 9293 3.7.1, RFC 7323)."""
    p = tcb.personality
    options = segment.options
    tcb.irs = segment.seq
    tcb.rcv_nxt = add(segment.seq, 1)
    tcb.rcv_wup = tcb.rcv_nxt
    if tcb.state is State.SYN_SENT:
        tcb.rcv_adv = add(tcb.rcv_nxt, tcb.rcv_ssthresh)  # what our SYN offered
    tcb.mss = min(options.mss or 536, p.mss.value)
    if options.window_scale is not None:
        tcb.scale_ok = True
        tcb.snd_scale = min(options.window_scale, 14)
        tcb.rcv_scale = 0 if is_small(tcb) else p.window_scale.value
    tcb.sack_ok = options.sack_permitted and p.sack.value
    tcb.ts_ok = options.timestamp is not None and p.timestamps.value
    if options.timestamp is not None:
        tcb.ts_recent = options.timestamp[0]
    tcb.snd_wnd = segment.window
    tcb.max_snd_wnd = segment.window
    tcb.snd_wl1 = segment.seq
    tcb.snd_wl2 = segment.ack
    tcb.last_heard = tcb.now


def _at_listener(tcb: Tcb, segment: Segment) -> None:
    """3.10.7.2: a RST is ignored, an ACK is refused, a SYN is answered."""
    if segment.flags & RST:
        return
    if segment.flags & ACK:
        refuse(tcb, segment, "TCP_FLAGS")
        return
    if segment.flags & SYN:
        _take_syn(tcb, segment)
        tcb.move(Event.SYN, rules.SYN_AT_LISTENER)
        send_syn(tcb)
        arm(tcb, Timer.RETRANSMISSION, tcb.rto)


def _at_syn_sent(tcb: Tcb, segment: Segment) -> None:
    """3.10.7.3: the answer to our SYN, or another SYN that crossed it."""
    flags = segment.flags
    if flags & ACK and segment.ack != tcb.snd_nxt:
        if not tcb.retransmits and not flags & RST:
            arm(tcb, Timer.RETRANSMISSION, _SOON)  # once, of a stale connection
        refuse(tcb, segment, "TCP_INVALID_ACK_SEQUENCE")
        return
    if flags & RST:
        if flags & ACK:
            _refused(tcb)
        return
    if not flags & SYN:
        return
    sent = tcb.flight[0]
    _take_syn(tcb, segment)
    if flags & ACK:
        tcb.snd_una = segment.ack
        tcb.flight.clear()
        tcb.snd_wl2 = segment.ack
        disarm(tcb, Timer.RETRANSMISSION)
        tcb.retransmits = tcb.backoff = 0
        tcb.first_sent = tcb.first_resent = -1
        if sent.times == 1 or tcb.ts_ok:
            round_trip(tcb, tcb.now - sent.sent)
        tcb.move(Event.SYN_ACK, rules.SYN_ACKNOWLEDGED)
        settle_window(tcb)
        start_keepalive(tcb)
        acknowledge(tcb)
        transmit(tcb)
    else:
        tcb.move(Event.SYN, rules.SIMULTANEOUS_OPEN)
        send_syn(tcb)


def _refused(tcb: Tcb) -> None:
    """A RST answers our SYN; some systems try again all the same."""
    p = tcb.personality
    if tcb.refusals < p.refused_retries.value:
        tcb.refusals += 1
        return
    tcb.error = "ECONNREFUSED"
    tcb.note("tcp_receive_reset", "ECONNREFUSED")
    tcb.move(Event.RESET, rules.REFUSED, p.refused_retries.source)


def start_keepalive(tcb: Tcb) -> None:
    """Start to count idle time, if SO_KEEPALIVE is on (RFC 9293 3.8.4)."""
    if tcb.keepalive and tcb.synchronized and not tcb.mini:
        arm(tcb, Timer.KEEPALIVE, tcb.keepalive_idle)


def _synchronized(tcb: Tcb, segment: Segment) -> None:
    """3.10.7.4, for a socket that is whole."""
    flags = segment.flags
    ts = segment.options.timestamp
    stale = (
        tcb.ts_ok
        and ts is not None
        and before(ts[0], tcb.ts_recent)
        and not flags & RST
    )
    if stale or not _in_window(tcb, segment):
        _outside_window(tcb, segment)
        return
    if flags & RST:
        _reset_arrives(tcb, segment)
        return
    if flags & SYN:
        _syn_arrives(tcb, segment)
        return
    if not flags & ACK:
        return
    if ts is not None and tcb.ts_ok and not before(tcb.rcv_wup, segment.seq):
        tcb.ts_recent = ts[0]
    tcb.last_heard = tcb.now
    if tcb.state is State.SYN_RECEIVED and not _handshake_completes(tcb, segment):
        return
    if not acknowledgement_arrives(tcb, segment):
        return
    if tcb.state is State.CLOSED:
        return
    if segment.payload or flags & FIN:
        data_arrives(tcb, segment)
    elif tcb.probes_out:
        tcb.probes_out = 0
    transmit(tcb)
    if tcb.ack_now:
        acknowledge(tcb)


def _in_window(tcb: Tcb, segment: Segment) -> bool:
    """The acceptability test of 3.4: any part at or right of what was confirmed."""
    end = add(segment.seq, segment.length)
    if before(end, tcb.rcv_wup):
        return False
    return distance(tcb.rcv_nxt, segment.seq) <= tcb.receive_window


def _outside_window(tcb: Tcb, segment: Segment) -> None:
    flags = segment.flags
    if flags & RST:
        if _precedes_fin(tcb, segment):
            reset_by_peer(tcb)
        return
    if flags & SYN and tcb.state is State.SYN_RECEIVED and segment.seq == tcb.irs:
        if _not_too_often(tcb):
            send_syn(tcb)  # the SYN again: our answer was lost
        return
    if flags & SYN and tcb.state is not State.SYN_RECEIVED:
        challenge(tcb, "TCPSYNChallenge")
        return
    if segment.payload or flags & FIN:
        _duplicate(tcb, segment)
        acknowledge(tcb)
    elif _not_too_often(tcb):
        acknowledge(tcb)
    else:
        tcb.note("counter", "TCPACKSkippedSeq")


def _not_too_often(tcb: Tcb) -> bool:
    """Whether what is out of place may be answered now (tcp_oow_rate_limited)."""
    if tcb.now - tcb.last_refused < tcb.personality.challenge_interval.value:
        return False
    tcb.last_refused = tcb.now
    return True


def _duplicate(tcb: Tcb, segment: Segment) -> None:
    """Say in the answer which octets came twice (RFC 2883)."""
    end = add(segment.seq, segment.length)
    if tcb.sack_ok and before(segment.seq, tcb.rcv_nxt):
        tcb.dsack = (segment.seq, end if before(end, tcb.rcv_nxt) else tcb.rcv_nxt)


def _precedes_fin(tcb: Tcb, segment: Segment) -> bool:
    """A RST one left of RCV.NXT, from a peer that forgot its FIN."""
    return (
        tcb.personality.reset_before_fin.value
        and tcb.state in _AFTER_FIN
        and add(segment.seq, 1) == tcb.rcv_nxt
    )


def _reset_arrives(tcb: Tcb, segment: Segment) -> None:
    """RFC 5961 3.2: exactly at RCV.NXT, or a challenge."""
    if tcb.state is State.SYN_RECEIVED and not tcb.active_open:
        if segment.seq == tcb.rcv_nxt:
            tcb.note("counter", "EmbryonicRsts")
            tcb.move(Event.RESET, rules.RESET_RECEIVED)
        elif _not_too_often(tcb):
            acknowledge(tcb)
        return
    if segment.seq == tcb.rcv_nxt or _precedes_fin(tcb, segment):
        reset_by_peer(tcb)
    else:
        challenge(tcb, "TCPChallengeACK")


def reset_by_peer(tcb: Tcb) -> None:
    """A RST was believed: the errno depends on the state, and on the system."""
    p = tcb.personality
    source = ""
    if tcb.state is State.SYN_RECEIVED and tcb.active_open:
        tcb.error = "ECONNREFUSED"
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
    if tcb.now - tcb.last_challenge < tcb.personality.challenge_interval.value:
        return
    tcb.last_challenge = tcb.now
    tcb.note("counter", counter)
    acknowledge(tcb)


def _syn_arrives(tcb: Tcb, segment: Segment) -> None:
    """A SYN on a connection that exists (RFC 9293 3.10.7.4, fourth)."""
    if tcb.state is not State.SYN_RECEIVED:
        challenge(tcb, "TCPSYNChallenge")
    elif segment.seq == tcb.irs:
        if segment.flags & ACK and tcb.active_open:
            if _handshake_completes(tcb, segment):
                _duplicate(tcb, segment)  # its SYN was here before
                acknowledge(tcb)
        elif _not_too_often(tcb):
            send_syn(tcb)
    else:
        refuse(tcb, segment, "INVALID_SYN")
        tcb.note("counter", "EmbryonicRsts")
        tcb.move(Event.RESET, rules.RESET_RECEIVED)


def _handshake_completes(tcb: Tcb, segment: Segment) -> bool:
    """SYN-RECEIVED -> ESTABLISHED, if our SYN is acknowledged (fifth)."""
    if segment.ack != tcb.snd_nxt:
        refuse(tcb, segment, "TCP_FLAGS")
        return False
    sent = tcb.flight[0]
    tcb.flight.clear()
    tcb.snd_una = segment.ack
    tcb.snd_wnd = segment.window << tcb.snd_scale
    tcb.max_snd_wnd = max(tcb.max_snd_wnd, tcb.snd_wnd)
    tcb.snd_wl1, tcb.snd_wl2 = segment.seq, segment.ack
    disarm(tcb, Timer.RETRANSMISSION)
    tcb.retransmits = tcb.backoff = 0
    tcb.first_sent = tcb.first_resent = -1
    if sent.times == 1:
        round_trip(tcb, tcb.now - sent.sent)
    tcb.move(Event.ACK_OF_SYN, rules.HANDSHAKE_DONE)
    settle_window(tcb)
    start_keepalive(tcb)
    return True
