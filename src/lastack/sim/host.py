"""A host: one kernel's connections and listeners, and the programs on it.

It makes connections and their numbers, lets timers fire, tells what happens, and
can lose its power. What programs call is in `system_calls.py`, and what becomes of
a segment that arrives in `reception.py`.

    world = World()
    client = Host(world, "client", "192.0.2.1", load("linux"), Generator(1))
    server = Host(world, "server", "192.0.2.2", load("freebsd"), Generator(2))
    link = Link(world, client, server, Generator(3))
    client.link = server.link = link
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from lastack.sim.endpoint import Endpoint
from lastack.sim.firewall import reject
from lastack.sim.generator import Generator
from lastack.sim.listener import Listener
from lastack.sim.personality import IpId, Personality
from lastack.sim.reception import segment_arrives
from lastack.sim.rules import Note, Transition
from lastack.sim.socket_table import socket_state
from lastack.sim.sockets import Socket, apply_options
from lastack.sim.system_calls import Process
from lastack.sim.udp import Datagram, DatagramSocket
from lastack.sim.world import World
from lastack.tcp.events import KernelReason, SocketState
from lastack.tcp.flags import RST
from lastack.tcp.segment import Address, Segment
from lastack.tcp.states import State

if TYPE_CHECKING:
    from lastack.sim.link import Link

FIRST_PORT = 40001
_ISN_TICK = 64  # nanoseconds; RFC 6528 has 4000

_OPENING = (State.SYN_SENT, State.SYN_RECEIVED)
_ALIVE = (State.ESTABLISHED, State.CLOSE_WAIT)


class Connection:
    """An endpoint in its kernel: its socket, if any, and its place in a queue."""

    __slots__ = ("endpoint", "listener", "scheduled", "socket")

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.socket: Socket | None = None
        self.listener: Listener | None = None
        self.scheduled = -1


class Host:
    """A machine with one address; `role` is its name in timelines."""

    def __init__(
        self,
        world: World,
        role: str,
        address: str,
        personality: Personality,
        generator: Generator,
    ) -> None:
        self.world = world
        self.role = role
        self.address = address
        self.personality = personality
        self.generator = generator
        self.link: Link | None = None
        self.firewall = ""
        self.powered = True
        self.plugged = True
        self.phase = generator.below(max(personality.tick.value, 1))
        self.connections: dict[tuple[int, str, int], Connection] = {}
        self.listeners: dict[int, list[Socket]] = {}
        self.processes: list[Process] = []
        self.datagram_sockets: list[DatagramSocket] = []
        self.counters: dict[str, int] = {}
        self.transitions: list[tuple[str, Transition]] = []
        self._port = FIRST_PORT
        self._ip_id = generator.below(65536)
        self._secret = generator.bits64()

    # Programs and their sockets ------------------------------------------------

    def spawn(self, name: str) -> Process:
        """Return a new process without descriptors."""
        process = Process(self, name)
        self.processes.append(process)
        return process

    def choose_port(self) -> int:
        """Return a local port that nobody has."""
        self._port += 1
        return self._port - 1

    def open(self, socket: Socket, local: Address, remote: Address) -> Connection:
        """Make the connection of `socket`, still CLOSED."""
        connection = self.connection(local, remote, self.isn(local, remote))
        connection.socket = socket
        socket.endpoint = connection.endpoint
        apply_options(connection.endpoint, socket.options, self.world.now)
        return connection

    def listen(self, socket: Socket, port: int, backlog: int) -> None:
        """Let `socket` listen."""
        socket.listener = Listener(port, backlog, self.personality)
        socket.local_port = port
        seconds = socket.options.get("TCP_DEFER_ACCEPT", 0)
        socket.listener.defer = (seconds + 1).bit_length() if seconds else 0
        self.listeners.setdefault(port, []).append(socket)
        local = str(Address(self.address, port))
        now = self.world.now
        self.world.tell(SocketState(now, self.role, local, "*", "LISTEN", 0, backlog))

    def close_listener(self, socket: Socket) -> None:
        """Stop listening; who waited in the accept queue is reset."""
        listener = socket.listener
        if listener is None:
            return
        now = self.world.now
        self.listeners[listener.port].remove(socket)
        self._tell_gone(listener.port)
        socket.listener = None
        for endpoint in listener.syn_queue + listener.accept_queue:
            connection = self.find(endpoint)
            if endpoint.state is State.SYN_RECEIVED:
                endpoint.vanish(now)
            else:
                endpoint.abort(now)
            if connection is not None:
                connection.listener = None
                self.drive(connection)
        socket.wake(now)

    def _tell_gone(self, port: int) -> None:
        local = str(Address(self.address, port))
        self.world.tell(SocketState(self.world.now, self.role, local, "*", "gone"))

    def _hash(self, text: str) -> int:
        """Return 32 bits that a secret of this boot makes of `text`."""
        number = int.from_bytes(text.encode(), "big")
        return Generator(self._secret ^ number ^ (number >> 64)).bits32()

    def isn(self, local: Address, remote: Address) -> int:
        """Return an initial sequence number (RFC 6528): it grows for each pair."""
        grown = self.world.now // _ISN_TICK
        return (self._hash(f"{remote}:{local.port}") + grown) & 0xFFFFFFFF

    def connection(self, local: Address, remote: Address, iss: int) -> Connection:
        """Return a new connection, CLOSED, in the place of any old one."""
        endpoint = Endpoint(
            self.personality,
            local,
            remote,
            iss=iss,
            ts_offset=self._hash(remote.host),
            ip_id=self.generator.below(65536),
            phase=self.phase,
        )
        connection = Connection(endpoint)
        self.connections[local.port, remote.host, remote.port] = connection
        return connection

    def find(self, endpoint: Endpoint) -> Connection | None:
        """Return the connection of `endpoint`, unless it is over."""
        tcb = endpoint.tcb
        key = (tcb.local.port, tcb.remote.host, tcb.remote.port)
        connection = self.connections.get(key)
        return connection if connection and connection.endpoint is endpoint else None

    def drive(self, connection: Connection) -> None:
        """Send what it has to send, tell what happened, and mind its timer."""
        endpoint = connection.endpoint
        tcb = endpoint.tcb
        now = self.world.now
        if tcb.outbox:
            for segment in endpoint.segments_to_send(now):
                self.send(segment)
        if tcb.events:
            self._tell_events(connection)
        if tcb.state is State.CLOSED:
            key = (tcb.local.port, tcb.remote.host, tcb.remote.port)
            if self.connections.get(key) is connection:
                del self.connections[key]
        elif tcb.deadlines:
            due = min(tcb.deadlines.values())
            if connection.scheduled < now or due < connection.scheduled:
                connection.scheduled = due
                self.world.at(due, self._timer, connection)
        if connection.socket is not None and connection.socket.attempts:
            connection.socket.wake(now)
            if tcb.outbox:
                self.drive(connection)  # who read, may have opened the window

    def _timer(self, connection: Connection) -> None:
        now = self.world.now
        if connection.scheduled != now:
            return
        connection.scheduled = -1
        due = connection.endpoint.get_timer()
        if due is None or not self.powered:
            return
        if due <= now:
            connection.endpoint.handle_timer(now)
        self.drive(connection)

    # The network ---------------------------------------------------------------

    def send(self, segment: Segment) -> None:
        """Put a segment on the link, if there is one and it is plugged in."""
        if self.personality.ip_id.value is IpId.PER_HOST:
            self._ip_id = (self._ip_id + 1) & 0xFFFF
            segment = replace(segment, ip_id=self._ip_id)
        if segment.flags & RST:
            self.count("OutRsts")
        if self.link is not None and self.plugged:
            self.link.send(self, segment)

    def arrives(self, segment: Segment) -> None:
        """Let a segment arrive (RFC 9293 3.10.7)."""
        if not self.powered or not self.plugged:
            return
        if self.firewall:
            reject(self, segment)
        else:
            segment_arrives(self, segment)

    def orphans(self) -> int:
        """Return how many whole connections no descriptor refers to."""
        return sum(
            tcb.orphan and not tcb.mini and tcb.state is not State.TIME_WAIT
            for tcb in (it.endpoint.tcb for it in self.connections.values())
        )

    def icmp_arrives(self, kind: str, quoted: Segment) -> None:
        """An ICMP error about what this host sent."""
        key = (quoted.source.port, quoted.destination.host, quoted.destination.port)
        connection = self.connections.get(key)
        if connection is not None and self.powered:
            connection.endpoint.icmp_arrives(kind, self.world.now, quoted.seq)
            self.drive(connection)

    def datagram_arrives(self, datagram: Datagram) -> None:
        """Give a datagram to the most specific socket (RFC 768, POSIX connect)."""
        fitting = [s for s in self.datagram_sockets if s.takes(datagram)]
        if fitting and self.powered:
            max(fitting, key=lambda s: s.peer is not None).arrives(datagram)

    def unplug(self, *, routed: bool) -> None:
        """The cable, or the way, is gone; unless `routed` the kernel knows that."""
        self.plugged = False
        for connection in self.connections.values():
            connection.endpoint.tcb.routed = routed

    # Power ---------------------------------------------------------------------

    def vanish(self) -> None:
        """Power off: programs, sockets and state are gone, and nothing is sent."""
        self.powered = False
        now = self.world.now
        for connection in self.connections.values():
            connection.endpoint.vanish(now)
            connection.scheduled = -1
            self._tell_events(connection)
        self.connections.clear()
        for port, sockets in self.listeners.items():
            if sockets:
                self._tell_gone(port)
        self.listeners.clear()
        for process in self.processes:
            process.descriptors.clear()
            process.alive = False
        self.processes.clear()

    def reboot(self) -> None:
        """Power off, and on again: the address answers, and knows nothing."""
        self.vanish()
        self._secret = self.generator.bits64()
        self.powered = True

    # What is told ----------------------------------------------------------------

    def count(self, name: str) -> None:
        """A counter moves by one."""
        self.counters[name] = self.counters.get(name, 0) + 1

    def say(self, kind: str, reason: str, ends: str) -> None:
        """The kernel tells a reason, of a connection between `ends`."""
        self.world.tell(KernelReason(self.world.now, self.role, kind, reason, ends))

    def _tell_events(self, connection: Connection) -> None:
        events = connection.endpoint.tcb.events
        moved = False
        ends = ""
        while events:
            event = events.popleft()
            if isinstance(event, Note):
                if event.kind == "counter":
                    self.count(event.reason)
                elif not self.world.silent:
                    tcb = connection.endpoint.tcb
                    self.say(event.kind, event.reason, f"{tcb.local} > {tcb.remote}")
                continue
            moved = True
            if event.after is State.CLOSED:
                if event.before in _ALIVE:
                    self.count("EstabResets")
                elif event.before in _OPENING:
                    self.count("AttemptFails")
            if not self.world.silent:
                tcb = connection.endpoint.tcb
                ends = f"{tcb.local} > {tcb.remote}"
                self.transitions.append((ends, event))
                if event.after is not State.LISTEN:
                    self.world.tell(
                        socket_state(self.role, connection.endpoint.tcb, event.after)
                    )
        if moved and connection.listener is not None:
            connection.listener.moved(connection.endpoint)
            for socket in self.listeners.get(connection.listener.port, ()):
                if socket.attempts:
                    socket.wake(self.world.now)
