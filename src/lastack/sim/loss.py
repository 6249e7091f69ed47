"""Which segments are lost, and how fast to go on (RFC 8985 RACK, RFC 6937 PRR).

A segment is lost if one that was sent later has arrived, a reordering window
ago; the first three segments beyond a gap end that patience. While the lost are
sent again, what arrives says how much may leave. Systems without this wait for
three duplicates (RFC 6675, `acknowledgement.py`).
"""

from typing import Final

from lastack.sim.clock import Timer, arm, disarm
from lastack.sim.flight import Flight
from lastack.sim.output import in_network, transmit
from lastack.sim.patience import await_acknowledgement
from lastack.sim.personality import MS, LossDetection
from lastack.sim.reset import timestamp
from lastack.sim.tcb import Tcb
from lastack.tcp.sequence import before

_DUPLICATES: Final = 3
_LEAST_WAIT: Final = 2 * MS  # TCP_TIMEOUT_MIN_US


def delivered(tcb: Tcb, entry: Flight) -> None:
    """A segment of the flight has arrived: the newest such one is remembered."""
    trip = tcb.now - entry.sent
    if entry.times == 1:
        tcb.rtt_min = min(tcb.rtt_min, trip)
    elif trip < tcb.rtt_min:
        return  # of its first sending, probably
    tcb.rack_trip = trip
    if _later(entry.sent, entry.end, tcb.rack_sent, tcb.rack_end):
        tcb.rack_sent = entry.sent
        tcb.rack_end = entry.end


def _later(sent: int, end: int, than: int, other_end: int) -> bool:
    return sent > than or (sent == than and before(other_end, end))


def detect(tcb: Tcb) -> None:
    """Mark what is lost, or look again when a reordering window is over."""
    sacked = sum(entry.sacked for entry in tcb.flight)
    patience = 0
    if not tcb.recovering and sacked < _DUPLICATES:
        patience = min(tcb.rtt_min // 4, (tcb.srtt >> 3) * 1000)
    wait = 0
    for entry in tcb.flight:
        if entry.sacked or entry.lost:
            continue
        if not _later(tcb.rack_sent, tcb.rack_end, entry.sent, entry.end):
            continue
        left = tcb.rack_trip + patience - (tcb.now - entry.sent)
        if left <= 0:
            entry.lost = True
        else:
            wait = max(wait, left)
    if wait:
        disarm(tcb, Timer.LOSS_PROBE)
        disarm(tcb, Timer.RETRANSMISSION)
        arm(tcb, Timer.REORDERING, wait + _LEAST_WAIT)


def recover(tcb: Tcb, arrived: int, *, advanced: bool) -> None:
    """An acknowledgement told of `arrived` segments: begin, go on, or be done."""
    if tcb.recovering and not before(tcb.snd_una, tcb.recover):
        tcb.recovering = False
        tcb.cwnd = tcb.ssthresh
    if not tcb.flight:
        tcb.rack_sent = -1  # whatever is sent now, is later
        return
    if tcb.timed_out:
        return  # everything is sent again anyway
    known = sum(entry.lost for entry in tcb.flight)
    if tcb.recovering or any(entry.sacked for entry in tcb.flight):
        detect(tcb)
    lost = sum(entry.lost for entry in tcb.flight)
    if lost and not tcb.recovering:
        begin(tcb)
    if tcb.recovering and arrived:
        reduce(tcb, arrived, safe=advanced and lost <= known)


def begin_loss(tcb: Tcb) -> None:
    """A timeout: all that is not known to have arrived is lost (tcp_enter_loss)."""
    began = not tcb.timed_out or not before(tcb.snd_una, tcb.recover)
    if not tcb.recovering and (began or not tcb.retransmits):
        tcb.prior_cwnd, tcb.prior_ssthresh = tcb.cwnd, tcb.ssthresh
        tcb.ssthresh = max(tcb.cwnd >> 1, 2)
    if began:
        tcb.resent_stamp = timestamp(tcb)
    tcb.doubted = not tcb.recovering and (began or tcb.retransmits > 0)
    tcb.timed_out = True
    tcb.recovering = tcb.tlp_out = False
    tcb.recover = tcb.snd_nxt
    tcb.cwnd, tcb.cwnd_count = 1, 0
    for entry in tcb.flight:
        entry.lost = not entry.sacked


def timed_out(tcb: Tcb, echo: int, *, advanced: bool, unrepeated: bool) -> bool:
    """After a timeout something was acknowledged; say whether new data goes first.

    If what the first sending brought is acknowledged, nothing was lost: the timeout
    is undone. That shows by an echoed timestamp from before it (RFC 3522), or by
    segments which were never sent again (RFC 5682, F-RTO; tcp_process_loss).
    """
    early = tcb.ts_ok and echo > 0 and before(echo, tcb.resent_stamp)
    if (advanced and early) or (tcb.doubted and unrepeated):
        _undo(tcb)
        return False
    over = not before(tcb.snd_una, tcb.recover)
    if not tcb.sack_ok and tcb.personality.loss_detection.value is LossDetection.RACK:
        over = before(tcb.recover, tcb.snd_una)  # late duplicates mean nothing
    if tcb.doubted and before(tcb.recover, tcb.snd_nxt):
        tcb.doubted = advanced
    elif tcb.doubted and advanced and not over:
        tcb.recover = tcb.snd_nxt
        tcb.doubted = bool(tcb.send_queue) and tcb.usable > 0
        return tcb.doubted
    tcb.timed_out = not over
    return False


def _undo(tcb: Tcb) -> None:
    """Take back what a timeout did to the window (tcp_undo_cwnd_reduction)."""
    tcb.timed_out = tcb.doubted = False
    tcb.cwnd = max(tcb.cwnd, tcb.prior_cwnd)
    tcb.ssthresh = max(tcb.ssthresh, tcb.prior_ssthresh)
    for entry in tcb.flight:
        entry.lost = False


def begin(tcb: Tcb) -> None:
    """Enter recovery: half the window at its end (RFC 6937)."""
    tcb.recovering = True
    tcb.recover = tcb.snd_nxt
    tcb.prior_cwnd = tcb.cwnd
    tcb.ssthresh = max(tcb.cwnd >> 1, 2)
    tcb.arrived = tcb.sent_since = tcb.cwnd_count = 0
    disarm(tcb, Timer.LOSS_PROBE)


def reduce(tcb: Tcb, arrived: int, *, safe: bool) -> None:
    """Let as much leave as arrives, less while the window shrinks (RFC 6937 3)."""
    tcb.arrived += arrived
    out = in_network(tcb)
    spare = tcb.ssthresh - out
    if spare < 0:
        share = tcb.ssthresh * tcb.arrived + tcb.prior_cwnd - 1
        more = share // tcb.prior_cwnd - tcb.sent_since
    else:
        more = min(spare, max(tcb.arrived - tcb.sent_since, arrived) + safe)
    tcb.cwnd = out + max(more, 0 if tcb.sent_since else 1)


def patience_over(tcb: Tcb) -> None:
    """The reordering window is over (tcp_recovery.c:tcp_rack_reo_timeout)."""
    if not tcb.flight:
        return
    detect(tcb)
    if any(entry.lost for entry in tcb.flight):
        if not tcb.recovering:
            begin(tcb)
            reduce(tcb, 0, safe=False)
        transmit(tcb)
    if Timer.REORDERING not in tcb.deadlines:
        await_acknowledgement(tcb)
