"""Promise to notice within N seconds that the peer is gone.

Two clocks are needed, since the kernel runs only one at a time: keepalive while
everything is acknowledged, the user timeout while something is not. The peer is
gone when its host, its kernel or the path is: for a hung program see `Heartbeat`.
"""

import math
import socket
import struct
import sys
from dataclasses import dataclass

from lastack.closing.endpoint import Endpoint, socket_of
from lastack.closing.keepalive import KeepAlive, user_timeout

# Linux's timer wheel fires late by at most 1/8 of the delay (kernel/time/timer.c,
# "Clock skew"); the other systems' clocks are assumed to be no worse.
_LATE = 1.125
_MOST_PROBES = 3
_LEAST_RTO = 0.2
_WITHOUT_SAMPLE = 1.0  # RFC 6298 section 2.1, before any round trip was measured


@dataclass(frozen=True, slots=True)
class DeadPeerPlan:
    """Options that keep the promise, and what they cost. All times in seconds."""

    seconds: float
    keepalive: KeepAlive
    user_timeout: float
    """Also: a live peer that keeps its window closed so long is given up."""
    lost_probes: int
    """So many probes or their answers may be lost, and a live peer survives."""
    longest_rto: float
    """The promise holds while the retransmission timeout is at most this."""
    when_idle: float
    """At most so long after the peer vanished, nothing being written."""
    when_sending: float
    """At most so long after the first write that the peer does not acknowledge."""
    at_worst: float
    """At most so long after the peer vanished, whenever the program writes."""


def plan_dead_peer(
    seconds: float,
    *,
    rto: float = _LEAST_RTO,
    lost_probes: int = 1,
    strict: bool = False,
) -> DeadPeerPlan:
    """The options of `detect_dead_peer_within`: pure arithmetic, no socket.

    `rto`: the connection's retransmission timeout now, in seconds. The plan
    has as many probes as fit, at most 3, and then the longest intervals.

    Raises:
        ValueError: it cannot be promised; says the least that can.
    """
    if not math.isfinite(seconds) or seconds <= 0:
        raise ValueError(f"cannot promise {seconds!r} s: not a positive number")
    if not 0 <= lost_probes < _MOST_PROBES:
        raise ValueError(f"lost_probes must be 0 to 2, not {lost_probes!r}")
    for probes in range(_MOST_PROBES, lost_probes, -1):
        plan = _plan(seconds, max(rto, _LEAST_RTO), probes, strict)
        if plan is not None:
            return plan
    least = _least(max(rto, _LEAST_RTO), lost_probes + 1, strict)
    raise ValueError(
        f"cannot promise {seconds:g} s with {lost_probes} lost probe(s) allowed and"
        f" a retransmission timeout of {rto:.2f} s: {least:g} s can be"
        + (", or less without strict" if strict else "")
        + (", or less with lost_probes=0" if lost_probes else "")
    )


def detect_dead_peer_within(
    endpoint: Endpoint,
    seconds: float,
    *,
    rto: float | None = None,
    lost_probes: int = 1,
    strict: bool = False,
) -> DeadPeerPlan:
    """Set options so that a vanished peer is an error within `seconds`.

    Idle: at most `seconds` after the last segment from the peer. Sending: at
    most `seconds` after the first write that is not acknowledged; a write into
    the silence of an idle connection so starts the time anew. `strict=True`
    promises `seconds` from the peer's disappearance in that case too, and must
    halve both times for it.

    `rto`: the longest retransmission timeout to allow for, in seconds; the
    connection's present one if None. That may be far too long on a connection
    whose SYN was lost (3 s) and which has carried no data yet.

    The program must read (or poll): the error is ETIMEDOUT, or EHOSTUNREACH.
    Up to `lost_probes` probes or answers may be lost without harm; a peer which
    keeps its window closed for `user_timeout` seconds of the plan is given up
    though it lives (Linux `tcp_probe_timer`).

    Linux is measured; macOS and Windows follow their documentation; systems
    without a user timeout (FreeBSD) keep no promise for a sender: refused.

    Raises:
        ValueError: this cannot be promised; says what can.
        TypeError: no socket, StreamWriter or transport.
    """
    if sys.platform not in {"linux", "darwin", "win32"}:
        raise ValueError(
            f"cannot promise anything while sending: {sys.platform} has no"
            " user timeout for one connection; KeepAlive promises the idle case"
        )
    with socket_of(endpoint) as sock:
        plan = plan_dead_peer(
            seconds,
            rto=retransmission_timeout(sock) if rto is None else rto,
            lost_probes=lost_probes,
            strict=strict,
        )
        if sys.platform != "linux" and plan.user_timeout != int(plan.user_timeout):
            whole = max(1, math.floor(plan.user_timeout))
            user_timeout(sock, whole)
        else:
            user_timeout(sock, plan.user_timeout)
        plan.keepalive.set(sock)
    return plan


def retransmission_timeout(sock: socket.socket) -> float:
    """The connection's RTO now (Linux TCP_INFO `tcpi_rto`); 1 s if not known.

    For a socket that listens or is not connected yet: the least, 0.2 s.
    """
    if sys.platform != "linux":
        return _WITHOUT_SAMPLE
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    state = info[0]
    if state not in {1, 8}:  # ESTABLISHED, CLOSE_WAIT
        return _LEAST_RTO
    return float(struct.unpack_from("=I", info, 8)[0]) / 1e6


def _plan(seconds: float, rto: float, probes: int, strict: bool) -> DeadPeerPlan | None:
    budget = seconds / _LATE
    # The first retransmission leaves at most a tail loss probe and an RTO after
    # the write; only then does the user timeout's clock start.
    first_retransmission = 2 * rto
    interval = min(32767, int(budget / (probes + 1)))
    while interval >= 1:
        # Checked at each probe: not yet reached when the last one leaves,
        # however late, and reached when its interval is over.
        least = probes * interval * _LATE + 0.1
        most = (probes + 1) * interval
        room = budget - first_retransmission - (most if strict else 0)
        if least <= min(most, room):
            # Half of what is left over is for the round trip to grow.
            timeout = round(least + (min(most, room) - least) / 2, 3)
            spare = budget - timeout - (most if strict else 0)
            return DeadPeerPlan(
                seconds=seconds,
                keepalive=KeepAlive(interval, interval, probes),
                user_timeout=timeout,
                lost_probes=probes - 1,
                longest_rto=spare / 2,
                when_idle=most * _LATE,
                when_sending=(timeout + first_retransmission) * _LATE,
                at_worst=(most + timeout + first_retransmission) * _LATE,
            )
        if not strict and most > budget:
            return None
        interval -= 1
    return None


def _least(rto: float, probes: int, strict: bool) -> int:
    seconds = 2
    while _plan(seconds, rto, probes, strict) is None:
        seconds += 1
    return seconds
