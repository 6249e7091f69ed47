"""How long a connection waits for the peer: retransmission, loss probe, persist.

RFC 6298 for what is not acknowledged, RFC 8985 7 for the probe that comes before,
RFC 9293 3.8.6.1 for a window that is closed.
"""

from typing import Final

from lastack.sim.clock import Timer, arm, disarm, timeout_now
from lastack.sim.personality import MS, PersistBase
from lastack.sim.tcb import Tcb

_LOSS_PROBE_MARGIN: Final = 2 * MS


def wait_for_answer(tcb: Tcb, *, sent_new: bool, had_flight: bool) -> None:
    """Something was sent: set the timer that waits for its acknowledgement."""
    running = tcb.deadlines
    if not had_flight or (
        Timer.RETRANSMISSION not in running and Timer.LOSS_PROBE not in running
    ):
        if not had_flight:
            tcb.first_sent = tcb.now
        await_acknowledgement(tcb)
    elif sent_new and (Timer.LOSS_PROBE in running or _may_probe(tcb)):
        await_acknowledgement(tcb)
    elif sent_new and tcb.tlp_out and not tcb.retransmits:
        # A second probe is due, and gives way to what the first segment waits for.
        due = tcb.flight[0].sent + timeout_now(tcb) - tcb.now
        arm(tcb, Timer.RETRANSMISSION, max(due, _loss_probe(tcb)))


def _may_probe(tcb: Tcb) -> bool:
    """Whether a loss probe may come before the retransmission (RFC 8985 7.1)."""
    return (
        tcb.personality.loss_probe.value
        and tcb.sack_ok
        and tcb.retransmits == 0
        and not tcb.tlp_out
        and not tcb.recovering
        and not any(entry.sacked for entry in tcb.flight)
    )


def _loss_probe(tcb: Tcb) -> int:
    """Return how long the loss probe waits (RFC 8985 7.2), in nanoseconds."""
    if not tcb.srtt:
        return tcb.personality.rto_initial.value
    probe = tcb.srtt * 1000 >> 2
    if len(tcb.flight) == 1:
        return probe + tcb.personality.rto_min.value
    return probe + _LOSS_PROBE_MARGIN


def await_acknowledgement(tcb: Tcb) -> None:
    """Start the timer that waits for the flight: loss probe (RFC 8985 7) or RTO."""
    running = tcb.deadlines
    disarm(tcb, Timer.LOSS_PROBE)
    disarm(tcb, Timer.REORDERING)
    if not tcb.flight:
        disarm(tcb, Timer.RETRANSMISSION)
        return
    wait = timeout_now(tcb)
    if _may_probe(tcb):
        running.pop(Timer.RETRANSMISSION, None)
        arm(tcb, Timer.LOSS_PROBE, min(_loss_probe(tcb), wait))
        return
    arm(tcb, Timer.RETRANSMISSION, _clamped(tcb, wait))


def _clamped(tcb: Tcb, wait: int) -> int:
    """Wait no longer than what is left of the user timeout (RFC 5482)."""
    if not tcb.user_timeout or tcb.first_resent < 0:
        return wait
    left = tcb.first_resent + tcb.user_timeout - tcb.now
    return min(wait, max(left, tcb.personality.tick.value))


def persist_interval(tcb: Tcb) -> int:
    """Return how long to wait for the next zero-window probe, in nanoseconds."""
    p = tcb.personality
    if p.persist_base.value is PersistBase.TIMEOUT:
        base = max(tcb.rto, p.persist_min.value)
    else:
        base = ((tcb.srtt >> 3) + tcb.rttvar) * 1000 // 2
    wait = min(max(base << tcb.backoff, p.persist_min.value), p.persist_max.value)
    if tcb.user_timeout and tcb.probe_started >= 0:
        left = tcb.probe_started + tcb.user_timeout - tcb.now
        wait = min(wait, max(left, _LOSS_PROBE_MARGIN))
    return wait


def start_persist(tcb: Tcb) -> None:
    """Wait for the window to open (RFC 9293 3.8.6.1)."""
    disarm(tcb, Timer.RETRANSMISSION)
    disarm(tcb, Timer.LOSS_PROBE)
    arm(tcb, Timer.PERSIST, persist_interval(tcb))
