"""The handshake (RFC 9293 3.5, 3.10.7.2, 3.10.7.3): from the SYN to ESTABLISHED."""

from typing import Final

from lastack.sim import rules
from lastack.sim.calls import send_fin
from lastack.sim.clock import Timer, arm, disarm, round_trip
from lastack.sim.flight import Flight
from lastack.sim.output import acknowledge, transmit
from lastack.sim.personality import MS
from lastack.sim.receive_window import is_small, settle_window
from lastack.sim.reset import refuse, timestamp
from lastack.sim.syn import send_syn
from lastack.sim.tcb import Tcb
from lastack.tcp.flags import ACK, RST, SYN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import MODULUS, add
from lastack.tcp.states import Event, State

_SOON: Final = 8 * MS
_FASTEST_CLOCK: Final = 1200  # a peer's timestamps tick no faster, in hertz
_TICKS: Final = 250
_AFTER_FIN: Final = frozenset({State.CLOSE_WAIT, State.LAST_ACK, State.CLOSING})


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
    elif tcb.state is State.SYN_SENT and not segment.flags & ACK:
        # Linux offers a scale in its answer all the same, and then uses it.
        offers = p.crossed_syn_offers_all.value and not is_small(tcb)
        tcb.rcv_scale = p.window_scale.value if offers else 0
    tcb.sack_ok = options.sack_permitted and p.sack.value
    tcb.ts_ok = options.timestamp is not None and p.timestamps.value
    if options.timestamp is not None:
        tcb.ts_recent = options.timestamp[0]
    tcb.snd_wnd = segment.window
    tcb.max_snd_wnd = segment.window
    tcb.snd_wl1 = segment.seq
    tcb.snd_wl2 = segment.ack
    tcb.last_heard = tcb.now


def at_listener(tcb: Tcb, segment: Segment) -> None:
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


def at_syn_sent(tcb: Tcb, segment: Segment) -> None:
    """3.10.7.3: the answer to our SYN, or another SYN that crossed it."""
    flags = segment.flags
    if flags & ACK and segment.ack != tcb.snd_nxt:
        if not tcb.retransmits:
            arm(tcb, Timer.RETRANSMISSION, _SOON)  # once, of a stale connection
        refuse(tcb, segment, "TCP_INVALID_ACK_SEQUENCE")
        return
    if flags & ACK and _echoes_another(tcb, segment):
        refuse(tcb, segment, "TCP_RFC7323_PAWS")
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
        settle_congestion_window(tcb)
        tcb.retransmits = tcb.backoff = 0
        tcb.first_sent = tcb.first_resent = -1
        _measure(tcb, segment, sent)
        tcb.move(Event.SYN_ACK, rules.SYN_ACKNOWLEDGED)
        settle_window(tcb)
        start_keepalive(tcb)
        acknowledge(tcb)
        transmit(tcb)
    else:
        tcb.move(Event.SYN, rules.SIMULTANEOUS_OPEN)
        send_syn(tcb)


def _measure(tcb: Tcb, segment: Segment, syn: Flight) -> None:
    """Take the first round trip; of a SYN sent again only the echo tells it."""
    if syn.times == 1:
        round_trip(tcb, tcb.now - syn.sent)
    elif tcb.ts_ok and segment.options.timestamp and segment.options.timestamp[1]:
        ticks = (timestamp(tcb) - segment.options.timestamp[1]) % MODULUS
        round_trip(tcb, max(ticks, 1) * tcb.personality.timestamp_tick.value)


def _echoes_another(tcb: Tcb, segment: Segment) -> bool:
    """Whether the timestamp echoed is not of our SYN (RFC 7323 5, tcp_input.c)."""
    p = tcb.personality
    ts = segment.options.timestamp
    if ts is None or not ts[1] or not (p.timestamps.value and p.checks_echo.value):
        return False
    first, _ = tcb.syn_stamps
    return (ts[1] - first) % MODULUS > (timestamp(tcb) - first) % MODULUS


def _refused(tcb: Tcb) -> None:
    """A RST answers our SYN; some systems try again all the same."""
    p = tcb.personality
    if tcb.refusals < p.refused_retries.value:
        tcb.refusals += 1
        return
    tcb.error = "ECONNREFUSED"
    tcb.note("tcp_receive_reset", "ECONNREFUSED")
    tcb.move(Event.RESET, rules.REFUSED, p.refused_retries.source)


def settle_congestion_window(tcb: Tcb) -> None:
    """Begin with the initial window, or with one segment where SYNs were lost.

    RFC 5681 3.1 asks for it after the first loss; after the second as the first
    waits a second only (tcp_input.c:tcp_init_transfer; RFC 6298 5.7).
    """
    tcb.last_data_in = tcb.now  # from here on the gaps between segments count
    lost = tcb.retransmits > 1
    tcb.cwnd = 1 if lost else tcb.personality.initial_window.value


def start_keepalive(tcb: Tcb) -> None:
    """Start to count idle time, if SO_KEEPALIVE is on (RFC 9293 3.8.4)."""
    if tcb.keepalive and tcb.synchronized and not tcb.mini:
        arm(tcb, Timer.KEEPALIVE, tcb.keepalive_idle)


def complete(tcb: Tcb, segment: Segment) -> None:
    """SYN-RECEIVED -> ESTABLISHED (fifth)."""
    sent = tcb.flight[0]
    acknowledged = segment.ack != tcb.snd_una
    if acknowledged:
        tcb.flight.clear()
    tcb.snd_una = segment.ack
    tcb.snd_wnd = segment.window << tcb.snd_scale
    tcb.max_snd_wnd = max(tcb.max_snd_wnd, tcb.snd_wnd)
    tcb.snd_wl1, tcb.snd_wl2 = segment.seq, segment.ack
    settle_congestion_window(tcb)
    tcb.retransmits = tcb.backoff = 0
    tcb.first_sent = tcb.first_resent = -1
    ts = segment.options.timestamp
    if not acknowledged:
        # Linux believes the number before its SYN too, which is still waited for.
        if tcb.ts_ok and ts is not None and ts[1]:
            tick = tcb.personality.timestamp_tick.value
            ticks = (timestamp(tcb) - ts[1]) % MODULUS
            round_trip(tcb, max(ticks, 1) * tick)
    else:
        disarm(tcb, Timer.RETRANSMISSION)
        if sent.times == 1:
            round_trip(tcb, tcb.now - sent.sent)
    tcb.move(Event.ACK_OF_SYN, rules.HANDSHAKE_DONE)
    settle_window(tcb)
    start_keepalive(tcb)
    if tcb.shut_write:
        send_fin(tcb)  # shutdown() had to wait for this
