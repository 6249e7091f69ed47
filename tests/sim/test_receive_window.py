"""The receive window as ss -m and ss -i showed it on Linux 6.18, segment by segment."""

import pytest

from lastack.sim.delayed_ack import data_received, plan_acknowledgement
from lastack.sim.output import acknowledge
from lastack.sim.personalities import load
from lastack.sim.receive_window import (
    keep,
    release,
    set_receive_buffer,
    settle_window,
    window_on_offer,
)
from lastack.sim.tcb import Tcb
from lastack.tcp.segment import Address
from lastack.tcp.sequence import add
from lastack.tcp.states import State


def _socket(buffer: int = 0, window: int = 65160) -> Tcb:
    """Return a socket that has just accepted a connection with timestamps."""
    tcb = Tcb(
        load("linux"), Address("192.0.2.1", 80), Address("192.0.2.2", 40001), iss=1
    )
    tcb.state = State.ESTABLISHED
    tcb.mss, tcb.ts_ok = 1460, True
    if buffer:
        set_receive_buffer(tcb, buffer)
    else:
        tcb.rcv_scale = 10
    tcb.rcv_adv = add(tcb.rcv_nxt, window)
    settle_window(tcb)
    return tcb


def _receive(tcb: Tcb, octets: int) -> None:
    tcb.rcv_nxt = add(tcb.rcv_nxt, octets)
    tcb.receive_queue += bytes(octets)
    keep(tcb, octets)
    data_received(tcb, octets, pushed=True)
    plan_acknowledgement(tcb)
    acknowledge(tcb)


@pytest.mark.parametrize(
    ("segments", "memory", "threshold"),
    [
        ([1448], 2304, 68056),
        ([1448, 1448], 4608, 70952),
        ([100], 832, 64088),
        ([100] * 5, 4160, 64088),
        ([600], 1280, 61440),
        ([600, 600], 2560, 61440),
        ([1000], 2304, 56832),
        ([1448, 100], 2304, 68056),
        ([100, 1448], 3136, 68432),
    ],
)
def test_unread_segments_cost_and_open_what_ss_shows(
    segments: list[int], memory: int, threshold: int
) -> None:
    """`skmem:(r...)` and `rcv_ssthresh` after these segments, of which none is read."""
    tcb = _socket()
    for octets in segments:
        _receive(tcb, octets)
    assert (tcb.memory, tcb.rcv_ssthresh) == (memory, threshold)


def test_a_small_buffer_closes_its_window_after_three_segments() -> None:
    """SO_RCVBUF 4096: 2896, 2896, then one segment, then none (linger-drains)."""
    tcb = _socket(buffer=4096, window=2896)
    _receive(tcb, 1448)
    assert tcb.last_window == 2896
    _receive(tcb, 1448)
    _receive(tcb, 1448)
    assert tcb.last_window == 0


def test_what_is_read_costs_nothing() -> None:
    """Half of a segment that was read still costs all of it."""
    tcb = _socket()
    _receive(tcb, 1448)
    release(tcb, 700)
    assert tcb.memory == 2304
    release(tcb, 748)
    assert (tcb.memory, len(tcb.buffers)) == (0, 0)


def test_other_systems_count_octets() -> None:
    """FreeBSD's window is what is left of the buffer."""
    tcb = Tcb(
        load("freebsd"), Address("192.0.2.1", 80), Address("192.0.2.2", 40001), iss=1
    )
    tcb.rcv_ssthresh = tcb.buffer
    keep(tcb, 1000)
    assert tcb.memory == 1000
    assert tcb.buffer - 2 * 1460 < window_on_offer(tcb) <= tcb.buffer - 1000
