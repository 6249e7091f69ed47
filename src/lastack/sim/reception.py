"""Whom a segment is for: a connection, a listener, or nobody (RFC 9293 3.5.2, 3.10.7).

A listener's queues are looked at here as well: what has no room is dropped or
refused, and a SYN may take the place of a connection in TIME_WAIT (RFC 6191).
"""

from typing import TYPE_CHECKING

from lastack.sim.personality import Overflow
from lastack.sim.reset import passive_reset
from lastack.sim.sockets import Socket, apply_options
from lastack.sim.waiting import may_reuse, reused
from lastack.tcp.flags import ACK, FIN, RST, SYN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add
from lastack.tcp.states import State

if TYPE_CHECKING:
    from lastack.sim.host import Connection, Host

_REUSE_STEP = 65537


def segment_arrives(host: "Host", segment: Segment) -> None:
    """Give a segment to its connection or listener, or refuse it."""
    source = segment.source
    key = (segment.destination.port, source.host, source.port)
    connection = host.connections.get(key)
    if connection is not None:
        if connection.endpoint.state is State.TIME_WAIT and (
            _reuses(host, connection, segment)
        ):
            return
        listener = connection.listener
        if listener is not None and listener.overflows(connection.endpoint, segment):
            _overflow(host, connection, segment)
            return
        if listener is not None and listener.defers(connection.endpoint, segment):
            host.count("TCPDeferAcceptDrop")
            return
        connection.endpoint.segment_arrives(segment, host.world.now)
        host.drive(connection)
        return
    _unknown(host, segment)


def _unknown(host: "Host", segment: Segment) -> None:
    socket = _listening(host, segment.destination.port)
    if socket is None:
        _refuse(host, segment, "NO_SOCKET")
    elif segment.flags & RST:
        return
    elif segment.flags & ACK:
        _refuse(host, segment, "TCP_FLAGS")
    elif segment.flags & (SYN | FIN) == SYN:
        iss = host.isn(segment.destination, segment.source)
        _syn(host, socket, segment, iss)


def _listening(host: "Host", port: int) -> Socket | None:
    """Return the socket that gets a SYN; the oldest of those that share a port."""
    return next(iter(host.listeners.get(port, ())), None)


def _syn(host: "Host", socket: Socket, segment: Segment, iss: int) -> None:
    listener = socket.listener
    assert listener is not None
    if listener.takes_no_syn:
        host.count("ListenOverflows")
        host.count("ListenDrops")
        if host.personality.overflow.value is Overflow.RESET:
            _refuse(host, segment, "NO_SOCKET")
        return
    connection = host.connection(segment.destination, segment.source, iss)
    connection.listener = listener
    endpoint = connection.endpoint
    apply_options(endpoint, socket.options, host.world.now)
    endpoint.open_passive(host.world.now)
    endpoint.segment_arrives(segment, host.world.now)
    listener.syn_queue.append(endpoint)
    host.drive(connection)


def _reuses(host: "Host", connection: "Connection", segment: Segment) -> bool:
    socket = _listening(host, segment.destination.port)
    if socket is None or not may_reuse(connection.endpoint.tcb, segment):
        return False
    tcb = connection.endpoint.tcb
    now = host.world.now
    host.transitions.append((f"{tcb.local} > {tcb.remote}", reused(tcb, now)))
    tcb.deadlines.clear()
    del host.connections[tcb.local.port, tcb.remote.host, tcb.remote.port]
    if not segment.flags & FIN:
        _syn(host, socket, segment, add(tcb.snd_nxt, _REUSE_STEP))
    return True


def _overflow(host: "Host", connection: "Connection", segment: Segment) -> None:
    host.count("ListenOverflows")
    host.count("ListenDrops")
    listener = connection.listener
    assert listener is not None
    if host.personality.abort_on_overflow.value:
        host.count("EmbryonicRsts")
        _refuse(host, segment, "INVALID_SYN")
        listener.syn_queue.remove(connection.endpoint)
        connection.endpoint.vanish(host.world.now)
        host.drive(connection)


def _refuse(host: "Host", segment: Segment, reason: str) -> None:
    reset = passive_reset(segment, host.personality, host.world.now)
    if reset is None:
        return
    ends = f"{segment.destination} > {segment.source}"
    host.say("tcp_send_reset", reason, ends)
    host.send(reset)
