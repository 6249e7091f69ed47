"""One TCP connection without sockets, clock or randomness.

`Endpoint` has the shape of aioquic's connection and the words of RFC 9293 3.10:
time is passed in as `now` (nanoseconds), segments come out of
`segments_to_send`, and `get_timer` says when `handle_timer` wants to be called:

    a.open_active(now)
    for segment in a.segments_to_send(now): ...   # deliver it to b
    b.segment_arrives(segment, now)
    while (at := a.get_timer()) is not None and at <= now: a.handle_timer(at)
    while (event := a.next_event()) is not None: ...

Calls that fail raise `CallError`, with the errno's name; one that would have to
wait has `EAGAIN`. An event is a `Transition` (which rule moved the state, its
RFC clause, its source) or a `Note` (what the kernel would tell: a reset's
reason, a counter). The state itself is `endpoint.tcb`.
"""

from lastack.sim import calls, rules
from lastack.sim.arrival import segment_arrives
from lastack.sim.calls import CallError
from lastack.sim.clock import Timer
from lastack.sim.opening import start_keepalive
from lastack.sim.output import transmit
from lastack.sim.personality import Personality
from lastack.sim.rules import Note, Transition
from lastack.sim.status import Status, status_of
from lastack.sim.tcb import Tcb
from lastack.sim.timers import expire, revert_backoff
from lastack.tcp.segment import Address, Segment
from lastack.tcp.states import Event, State

__all__ = ["CallError", "Endpoint", "Status"]

_HARD_ICMP = {
    "port-unreachable": "ECONNREFUSED",
    "host-unreachable": "EHOSTUNREACH",
    "net-unreachable": "ENETUNREACH",
    "admin-prohibited": "EHOSTUNREACH",
}


class Endpoint:
    """A connection between `local` and `remote`, as `personality` behaves.

    `iss` is the initial sequence number, `ts_offset` what is added to its clock
    for timestamps, `ip_id` the first IPv4 identification; `phase` is where
    between two ticks of its kernel time 0 falls, in nanoseconds.
    """

    __slots__ = ("tcb",)

    def __init__(
        self,
        personality: Personality,
        local: Address,
        remote: Address,
        *,
        iss: int = 0,
        ts_offset: int = 0,
        ip_id: int = 0,
        phase: int = 0,
    ) -> None:
        self.tcb = Tcb(personality, local, remote, iss=iss, phase=phase)
        self.tcb.ts_offset = ts_offset
        self.tcb.ip_id = ip_id

    @property
    def state(self) -> State:
        """The state of RFC 9293 3.3.2."""
        return self.tcb.state

    # The user's calls (3.10) ---------------------------------------------------

    def open_active(self, now: int) -> None:
        """OPEN, active: send a SYN. Raises EISCONN if it is open."""
        self.tcb.now = now
        calls.open_active(self.tcb)

    def open_passive(self, now: int) -> None:
        """OPEN, passive: wait for one SYN."""
        self.tcb.now = now
        calls.open_passive(self.tcb)

    def send(self, data: bytes, now: int, *, urgent: bool = False) -> int:
        """SEND: queue `data`, and return how many octets were taken.

        With `urgent` the last octet is urgent (MSG_OOB). Raises EAGAIN (full),
        EPIPE, ENOTCONN, or what ended the connection.
        """
        self.tcb.now = now
        return calls.send(self.tcb, data, urgent=urgent)

    def receive(self, size: int, now: int, *, peek: bool = False) -> bytes:
        """RECEIVE at most `size` octets; empty at end of file.

        Raises EAGAIN (nothing there), ENOTCONN, or what ended the connection.
        """
        self.tcb.now = now
        return calls.receive(self.tcb, size, peek=peek)

    def receive_urgent(self, now: int) -> bytes:
        """RECEIVE the urgent octet (MSG_OOB). Raises EINVAL if there is none."""
        self.tcb.now = now
        return calls.receive_urgent(self.tcb)

    def shutdown(self, now: int, *, read: bool = False, write: bool = True) -> None:
        """Close one direction, or both, and keep the socket."""
        self.tcb.now = now
        calls.shutdown(self.tcb, read=read, write=write)

    def close(self, now: int, *, linger: int | None = None) -> None:
        """CLOSE: nobody reads or writes any more; `linger` 0 aborts."""
        self.tcb.now = now
        calls.close(self.tcb, linger=linger)

    def abort(
        self,
        now: int,
        *,
        error: str = "",
        rule: rules.Rule = rules.ABORTED,
        source: str = "",
    ) -> None:
        """ABORT: a RST to the peer, and `error` to whoever holds the socket.

        `rule` says who aborts, and `source` whose habit that is.
        """
        self.tcb.now = now
        calls.abort(self.tcb, rule=rule, source=source)
        self.tcb.error = error

    def status(self) -> Status:
        """STATUS: what RFC 9293 3.10.6 lets the user know."""
        return status_of(self.tcb)

    def orphaned(self, now: int) -> None:
        """close() no longer waits; it had a time to linger."""
        self.tcb.now = now
        calls.become_orphan(self.tcb)

    def abort_for_memory(self, now: int) -> None:
        """The kernel has too many orphans, and resets this one."""
        self.tcb.now = now
        calls.abort_for_memory(self.tcb)

    def vanish(self, now: int) -> None:
        """Forget everything, in silence: the power is gone."""
        self.tcb.now = now
        if self.tcb.state is not State.CLOSED:
            self.tcb.events.append(
                Transition(
                    now, self.tcb.state, State.CLOSED, Event.ABORT, rules.POWER_LOST
                )
            )
            self.tcb.state = State.CLOSED
        self.tcb.deadlines.clear()
        self.tcb.outbox.clear()

    def set_keepalive(self, now: int, *, on: bool) -> None:
        """SO_KEEPALIVE; its times are `tcb.keepalive_idle` and so on."""
        self.tcb.now = now
        self.tcb.keepalive = on
        if on:
            start_keepalive(self.tcb)
        else:
            self.tcb.deadlines.pop(Timer.KEEPALIVE, None)

    def set_nodelay(self, now: int, *, on: bool) -> None:
        """TCP_NODELAY; what Nagle's algorithm held back is sent."""
        self.tcb.now = now
        self.tcb.nodelay = on
        if on:
            transmit(self.tcb)

    # What comes from the network, and from time --------------------------------

    def segment_arrives(self, segment: Segment, now: int) -> None:
        """SEGMENT ARRIVES (3.10.7)."""
        self.tcb.now = now
        segment_arrives(self.tcb, segment)

    def icmp_arrives(self, kind: str, now: int, seq: int | None = None) -> None:
        """An ICMP error about one of our segments, that at `seq` (RFC 5461).

        `kind` is `port-unreachable`, `host-unreachable`, `net-unreachable` or
        `admin-prohibited`. It ends a connection that is being opened; later it
        only changes the errno of a timeout, and may revert its back-off.
        """
        tcb = self.tcb
        tcb.now = now
        error = _HARD_ICMP[kind]
        if tcb.state is State.SYN_SENT:
            tcb.error = error
            tcb.note("error", error)
            tcb.move(Event.TIMEOUT, rules.ICMP_REJECTED)
        elif tcb.synchronized:
            tcb.soft_error = error
            p = tcb.personality
            if seq == tcb.snd_una and kind in p.icmp_reverts_backoff.value:
                revert_backoff(tcb)

    def get_timer(self) -> int | None:
        """When `handle_timer` must be called, or None."""
        deadlines = self.tcb.deadlines
        return min(deadlines.values()) if deadlines else None

    def handle_timer(self, now: int) -> None:
        """Let every timer fire that is due at `now`."""
        tcb = self.tcb
        tcb.now = now
        deadlines = tcb.deadlines
        while deadlines:
            timer = min(deadlines, key=deadlines.__getitem__)
            if deadlines[timer] > now:
                return
            del deadlines[timer]
            expire(tcb, timer)

    # What comes out --------------------------------------------------------------

    def segments_to_send(self, now: int) -> list[Segment]:
        """Return the segments that leave at `now`, oldest first, and forget them."""
        self.tcb.now = now
        outbox = self.tcb.outbox
        if outbox:
            self.tcb.outbox = []
        return outbox

    def next_event(self) -> Transition | Note | None:
        """Return what happened, oldest first, or None."""
        events = self.tcb.events
        return events.popleft() if events else None
