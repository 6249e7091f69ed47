"""A connection as netstat and ss list it: state, queues, timer."""

from lastack.sim.personality import MS
from lastack.sim.tcb import Tcb
from lastack.tcp.events import SocketState
from lastack.tcp.states import State

# As ss prints them; the others are only spelt with hyphens.
_SS_NAMES = {
    State.ESTABLISHED: "ESTAB",
    State.SYN_RECEIVED: "SYN-RECV",
    State.CLOSED: "gone",
}


def socket_state(role: str, tcb: Tcb, state: State) -> SocketState:
    """Return the line of netstat and ss for a connection that is now in `state`."""
    waiting = len(tcb.send_queue) + (tcb.snd_nxt - tcb.snd_una) % (1 << 32)
    return SocketState(
        tcb.now,
        role,
        str(tcb.local),
        str(tcb.remote),
        _SS_NAMES.get(state, state.value.replace("_", "-")),
        0 if tcb.mini or state is State.CLOSED else len(tcb.receive_queue) + tcb.done,
        0 if state is State.CLOSED else waiting,
        _timer_text(tcb),
        tcb.orphan,
    )


def _timer_text(tcb: Tcb) -> str:
    deadlines = tcb.deadlines
    if not deadlines:
        return ""
    timer = min(deadlines, key=deadlines.__getitem__)
    name = (
        "on",
        "on",
        "persist",
        "keepalive",
        "on",
        "timewait",
        "timewait",
        "on",
    )[timer]
    return f"{name},{(deadlines[timer] - tcb.now) // MS}ms,{tcb.retransmits}"
