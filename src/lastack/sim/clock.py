"""When a timer fires, and how long a retransmission waits: roundings included.

A kernel does not fire on the nanosecond. Linux sorts timers into buckets that
widen with the distance (4 ms below 252 ms, 32 ms below 2 s, 256 ms below 16 s
...) and fires at a bucket's end, so 1 s is 1.024 s and 2 s is up to 2.032 s.
"""

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from lastack.sim.personality import Estimator, Personality, WakeUp
from lastack.tcp.sequence import before

if TYPE_CHECKING:
    from lastack.sim.tcb import Tcb

_BUCKETS: Final = 64
_WIDEN: Final = 3
_LEVELS: Final = 9


class Timer(IntEnum):
    """The timers of a connection (RFC 9293 3.10.8 and their modern kin)."""

    RETRANSMISSION = 0
    LOSS_PROBE = 1
    PERSIST = 2
    KEEPALIVE = 3
    DELAYED_ACK = 4
    FIN_WAIT_2 = 5
    TIME_WAIT = 6
    REORDERING = 7


def arm(tcb: "Tcb", timer: Timer, delay: int) -> None:
    """Set `timer` to fire `delay` nanoseconds from now, as the kernel rounds."""
    tcb.deadlines[timer] = wakes_at(tcb.personality, tcb.phase, tcb.now, delay)


def wakes_at(personality: Personality, phase: int, now: int, delay: int) -> int:
    """Return when what is to be done `delay` after `now` is done.

    `phase` is how long before time 0 tick 0 was; all in nanoseconds.
    """
    p = personality
    tick = p.tick.value
    ticks = -(-delay // tick)
    present = (now + phase) // tick
    fires = present + (ticks or p.wake_up.value is WakeUp.TICK)
    if p.wake_up.value is WakeUp.WHEEL:
        shift = 0
        for level in range(1, _LEVELS):
            if ticks < (_BUCKETS - 1) << ((level - 1) * _WIDEN):
                break
            shift = level * _WIDEN
        fires = ((fires >> shift) + 1) << shift
    return max(fires * tick - phase, now + 1)


def elapsed(tcb: "Tcb", since: int) -> int:
    """Return the time since a moment as the kernel counts it: in whole ticks."""
    tick = tcb.personality.tick.value
    return ((tcb.now + tcb.phase) // tick - (since + tcb.phase) // tick) * tick


def disarm(tcb: "Tcb", timer: Timer) -> None:
    """Stop `timer`, if it runs."""
    tcb.deadlines.pop(timer, None)


def round_trip(tcb: "Tcb", sample: int) -> None:
    """Take a round-trip time of `sample` ns into SRTT, RTTVAR and the RTO.

    Microseconds, scaled by 8 and 4 as Jacobson's integers are (RFC 6298 2).
    """
    p = tcb.personality
    error = max(sample // 1000, 1)
    tcb.min_trip = min(tcb.min_trip or error, error)
    floor = p.rto_min.value // 1000
    if p.estimator.value is not Estimator.LINUX:
        _round_trip_rfc6298(tcb, error)
        return
    if not tcb.srtt:
        tcb.srtt = error << 3
        tcb.mdev = error << 1
        tcb.rttvar = max(tcb.mdev, floor)
        tcb.mdev_max = tcb.rttvar
        tcb.rtt_seq = tcb.snd_nxt
    else:
        error -= tcb.srtt >> 3
        tcb.srtt += error
        if error < 0:
            error = -error - (tcb.mdev >> 2)
            if error > 0:
                error >>= 3
        else:
            error -= tcb.mdev >> 2
        tcb.mdev += error
        if tcb.mdev > tcb.mdev_max:
            tcb.mdev_max = tcb.mdev
            tcb.rttvar = max(tcb.rttvar, tcb.mdev_max)
        if before(tcb.rtt_seq, tcb.snd_una):
            if tcb.mdev_max < tcb.rttvar:
                tcb.rttvar -= (tcb.rttvar - tcb.mdev_max) >> 2
            tcb.rtt_seq = tcb.snd_nxt
            tcb.mdev_max = floor
    # icsk_rto is in ticks, so back-off doubles what was rounded up already.
    tick = p.tick.value
    timeout = -(-((tcb.srtt >> 3) + tcb.rttvar) * 1000 // tick) * tick
    tcb.rto = min(timeout, p.rto_max.value)


def _round_trip_rfc6298(tcb: "Tcb", sample: int) -> None:
    p = tcb.personality
    if not tcb.srtt:
        tcb.srtt = sample << 3
        tcb.rttvar = sample << 1
    else:
        error = sample - (tcb.srtt >> 3)
        tcb.srtt += error
        tcb.rttvar += abs(error) - (tcb.rttvar >> 2)
    timeout = ((tcb.srtt >> 3) + tcb.rttvar) * 1000 + p.rto_slop.value
    tcb.rto = min(max(timeout, p.rto_min.value), p.rto_max.value)


def timeout_now(tcb: "Tcb") -> int:
    """Return the RTO with its back-off, in nanoseconds."""
    return min(tcb.rto << tcb.backoff, tcb.personality.rto_max.value)
