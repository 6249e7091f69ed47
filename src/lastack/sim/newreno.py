"""Losses that only duplicate acknowledgements tell of (RFC 6582), as Linux counts.

A peer without SACK does not say what has arrived. Each duplicate stands for one
segment beyond the gap, but never for all that is in flight: the gap is one of
them. Who sends more duplicates than that shows that segments are reordered, and
how many duplicates mean a loss is learned from it (tcp_input.c:tcp_add_reno_sack,
tcp_check_reno_reordering, tcp_newreno_mark_lost).
"""

from typing import Final

from lastack.sim.clock import Timer, disarm
from lastack.sim.loss import begin, reduce
from lastack.sim.tcb import Tcb
from lastack.tcp.sequence import before

_USUAL: Final = 3
"""How many duplicates tell of a loss (tcp_reordering; RFC 5681 3.2)."""


def count(tcb: Tcb, acknowledged: int, *, duplicate: bool, advanced: bool) -> int:
    """An acknowledgement arrived: begin recovery, go on with it, or end it.

    `acknowledged` are the segments that left the flight; return how many are now
    believed to have arrived that were not before.
    """
    arrived = _leave(tcb, acknowledged) if acknowledged else 0
    if not tcb.flight:
        tcb.beyond = 0
    over = not before(tcb.snd_una, tcb.recover)
    if tcb.timed_out:
        if duplicate and not over and before(tcb.recover, tcb.snd_nxt):
            return arrived + _add(tcb)
        if advanced:
            tcb.beyond = 0
        return arrived
    if tcb.recovering and before(tcb.recover, tcb.snd_una):
        tcb.recovering = False
        tcb.cwnd = tcb.ssthresh
    waits = tcb.recovering and over  # for more, as late duplicates mean nothing
    if waits or (advanced and not tcb.recovering):
        tcb.beyond = 0
    if duplicate and not waits:
        arrived += _add(tcb)
    lost = not waits and _is_head_lost(tcb, advanced=advanced)
    if lost:
        tcb.flight[0].lost = True
        disarm(tcb, Timer.RETRANSMISSION)  # it waits anew for what is sent again
        if not tcb.recovering:
            begin(tcb)
    if tcb.recovering and arrived:
        reduce(tcb, arrived, safe=advanced and not lost)
    return arrived


def forget(tcb: Tcb) -> None:
    """A timeout: what duplicates told is not believed any more (tcp_enter_loss)."""
    if tcb.beyond >= _USUAL and not tcb.recovering and not tcb.timed_out:
        tcb.reordering = min(tcb.reordering, _USUAL)
    tcb.beyond = 0


def _leave(tcb: Tcb, acknowledged: int) -> int:
    """One filled the gap; duplicates told of the others (tcp_remove_reno_sacks)."""
    arrived = max(acknowledged - tcb.beyond, 1)
    tcb.beyond = max(tcb.beyond - (acknowledged - 1), 0)
    _limit(tcb, acknowledged)
    return arrived


def _add(tcb: Tcb) -> int:
    known = tcb.beyond
    tcb.beyond += 1
    _limit(tcb, 0)
    return max(tcb.beyond - known, 0)


def _limit(tcb: Tcb, acknowledged: int) -> None:
    out = len(tcb.flight)
    lost = sum(entry.lost or entry.times > 1 for entry in tcb.flight)
    most = out - min(max(lost, 1), out)
    if tcb.beyond > most:
        tcb.beyond = most
        tcb.reordering = out + acknowledged


def _is_head_lost(tcb: Tcb, *, advanced: bool) -> bool:
    if not tcb.flight or tcb.flight[0].lost or tcb.flight[0].times > 1:
        return False
    if tcb.recovering:  # a part was acknowledged: the next gap (RFC 6582 3.2, 3)
        return advanced
    return tcb.beyond >= tcb.reordering
