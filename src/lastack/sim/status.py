"""STATUS (RFC 9293 3.10.6): what the user of a connection may know of it."""

from dataclasses import dataclass

from lastack.sim.tcb import Tcb
from lastack.sim.urgent import Urgent
from lastack.tcp.segment import Address
from lastack.tcp.states import State


@dataclass(frozen=True, slots=True)
class Status:
    """A connection as its user sees it; windows and queues in octets.

    `unacknowledged` is what was sent and not confirmed, `unsent` what waits,
    `unread` what nobody has read; `urgent` is whether an urgent octet is there,
    `user_timeout` nanoseconds, 0 for the system's own.
    """

    local: Address
    remote: Address
    state: State
    receive_window: int
    send_window: int
    unacknowledged: int
    unsent: int
    unread: int
    urgent: bool
    type_of_service: int
    user_timeout: int


def status_of(tcb: Tcb) -> Status:
    """Return the status of a connection; nothing changes by it."""
    return Status(
        tcb.local,
        tcb.remote,
        tcb.state,
        tcb.receive_window,
        tcb.snd_wnd,
        sum(len(entry.payload) for entry in tcb.flight),
        len(tcb.send_queue),
        tcb.unread,
        tcb.urgent_state is Urgent.THERE,
        tcb.tos,
        tcb.user_timeout,
    )
