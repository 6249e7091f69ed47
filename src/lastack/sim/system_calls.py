"""What a program calls: descriptors, blocking and errno, fork and death.

Each call returns a `Pending`. If its `result` is None the program waits in it;
the world must go on until it has one. Results are written as in timelines: `0`,
a count, or `-ECONNRESET`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lastack.sim.calls import grow_send_buffer, is_writable
from lastack.sim.endpoint import CallError
from lastack.sim.lingering import linger, lingers, would_block
from lastack.sim.personality import (
    AtDeath,
)
from lastack.sim.rules import KILLED
from lastack.sim.sockets import Pending, Socket, apply_options
from lastack.sim.udp import Datagram, DatagramSocket
from lastack.tcp.segment import Address
from lastack.tcp.states import State

if TYPE_CHECKING:
    from lastack.sim.host import Host

_SECOND = 1_000_000_000
_UNFINISHED = (State.FIN_WAIT_1, State.CLOSING, State.LAST_ACK)


class Process:
    """A process: its descriptors, and the calls it makes."""

    def __init__(self, host: "Host", name: str) -> None:
        self.host = host
        self.name = name
        self.alive = True
        self.descriptors: dict[int, Socket] = {}
        self.next_descriptor = 3

    # Descriptors ---------------------------------------------------------------

    def socket(self) -> int:
        """Return the descriptor of a new TCP socket."""
        return self._install(Socket())

    def _install(self, socket: Socket) -> int:
        number = self.next_descriptor
        self.next_descriptor += 1
        self.descriptors[number] = socket
        return number

    def fork(self, name: str) -> "Process":
        """Return a new process that shares every open socket."""
        child = self.host.spawn(name)
        child.descriptors = dict(self.descriptors)
        child.next_descriptor = self.next_descriptor
        for socket in self.descriptors.values():
            socket.references += 1
        return child

    def kill(self) -> None:
        """SIGKILL, or exit(): the kernel closes every descriptor, without waiting."""
        self.alive = False
        abort = self.host.personality.at_death.value is AtDeath.ABORTS
        # Newest first: Linux defers each fput(), and runs them last in, first out.
        for number in reversed(list(self.descriptors)):
            socket = self.descriptors.pop(number)
            socket.references -= 1
            if socket.references == 0:
                for pending, _ in socket.attempts:
                    pending.finish("-EINTR", self.host.world.now)
                socket.attempts.clear()
                self.release(socket, abort=abort)
        if self in self.host.processes:
            self.host.processes.remove(self)

    # Calls ---------------------------------------------------------------------

    def listen(self, number: int, port: int, backlog: int) -> Pending:
        """Bind and listen."""
        socket = self.descriptors[number]
        others = self.host.listeners.get(port, [])
        shared = socket.options.get("SO_REUSEPORT")
        if not all(shared and it.options.get("SO_REUSEPORT") for it in others):
            return self._done("-EADDRINUSE")
        self.host.listen(socket, port, backlog)
        return self._done("0")

    def bind(self, number: int, port: int) -> Pending:
        """Bind, and nothing more."""
        self.descriptors[number].local_port = port
        return self._done("0")

    def connect(self, number: int, remote: Address) -> Pending:
        """Connect; the call is over when it is established, or has failed."""
        host = self.host
        socket = self.descriptors[number]
        if socket.endpoint is not None and not socket.failed:
            return self._done(socket.connect_again(host.personality))
        port = socket.local_port or host.choose_port()
        socket.local_port = port
        socket.failed = False
        if (port, remote.host, remote.port) in host.connections:
            return self._done("-EADDRNOTAVAIL")
        connection = host.open(socket, Address(host.address, port), remote)
        connection.endpoint.open_active(host.world.now)
        host.drive(connection)
        if socket.nonblocking:
            socket.connecting = True
            return self._done("-EINPROGRESS")
        return self.wait(socket, socket.connected)

    def accept(self, number: int) -> Pending:
        """Accept; `descriptor` is the new socket's, `peer` its address."""
        socket = self.descriptors[number]
        pending = Pending(self.host.world.now)

        def attempt() -> str | None:
            listener = socket.listener
            if listener is None:
                return "-EINVAL"
            if not listener.accept_queue:
                return None
            endpoint = listener.accept_queue.pop(0)
            accepted = Socket()
            accepted.endpoint = endpoint
            accepted.local_port = listener.port
            accepted.options = dict(socket.options)
            accepted.linger = socket.linger
            connection = self.host.find(endpoint)
            if connection is not None:
                connection.socket = accepted
                connection.listener = None
            pending.descriptor = self._install(accepted)
            pending.peer = endpoint.tcb.remote
            endpoint.tcb.accepted = True
            return str(pending.descriptor)

        return self.wait(socket, attempt, pending)

    def send(
        self,
        number: int,
        data: bytes,
        *,
        everything: bool = True,
        urgent: bool = False,
    ) -> Pending:
        """Send; with `everything`, until all of it was taken."""
        socket = self.descriptors[number]
        taken = 0
        waits = False

        def attempt() -> str | None:
            nonlocal taken, waits
            endpoint = socket.endpoint
            if endpoint is None:
                return "-EPIPE"
            tcb = endpoint.tcb
            ended = tcb.error or tcb.shut_write or tcb.state is State.CLOSED
            if waits and not ended:
                grow_send_buffer(tcb)
                if not is_writable(tcb):
                    return None  # a writer that waits is woken late
            while taken < len(data):
                try:
                    taken += endpoint.send(
                        data[taken:], self.host.world.now, urgent=urgent
                    )
                except CallError as error:
                    if error.errno != "EAGAIN":
                        if taken and not everything:
                            return str(taken)
                        # As of a socket that never connected.
                        name = error.errno.replace("ENOTCONN", "EPIPE")
                        return f"-{name}"
                    if not taken or (everything and not socket.nonblocking):
                        waits = True
                        return None
                    break
                if not everything:
                    break
            return str(taken)

        return self._act(socket, attempt)

    def receive(
        self,
        number: int,
        size: int,
        *,
        everything: bool = False,
        peek: bool = False,
        wait: bool = True,
    ) -> Pending:
        """Receive at most `size` octets; with `everything`, until all came."""
        socket = self.descriptors[number]
        pending = Pending(self.host.world.now)

        def attempt() -> str | None:
            return socket.receive(
                pending, size, self.host.world.now, peek=peek, everything=everything
            )

        return self._act(socket, attempt, pending, wait=wait)

    def receive_urgent(self, number: int) -> Pending:
        """Receive the urgent octet, without waiting (MSG_OOB)."""
        endpoint = self.descriptors[number].endpoint
        if endpoint is None:
            return self._done("-EINVAL")
        try:
            octet = endpoint.receive_urgent(self.host.world.now)
        except CallError as error:
            return self._done(f"-{error.errno}")
        pending = self._done(str(len(octet)))
        pending.data = octet
        return pending

    def shutdown(self, number: int, *, read: bool, write: bool) -> Pending:
        """Shut down reading, writing or both."""
        socket = self.descriptors[number]

        def attempt() -> str:
            if socket.endpoint is None:
                socket.shut_read = socket.shut_read or read
                return "-ENOTCONN"
            socket.shuts_down()
            try:
                socket.endpoint.shutdown(self.host.world.now, read=read, write=write)
            except CallError as error:
                return f"-{error.errno}"
            return "0"

        return self._act(socket, attempt)

    def set_option(self, number: int, name: str, value: int) -> Pending:
        """setsockopt(), and O_NONBLOCK; SO_LINGER -1 is off."""
        socket = self.descriptors[number]
        if name == "O_NONBLOCK":
            socket.nonblocking = bool(value)
        elif name == "SO_LINGER":
            socket.linger = None if value < 0 else value
        else:
            socket.options[name] = value
            apply_options(socket.endpoint, socket.options, self.host.world.now)
            self.drive(socket)
        return self._done("0")

    def socket_error(self, number: int) -> Pending:
        """getsockopt(SO_ERROR), which clears it."""
        return self._done(self.descriptors[number].take_error())

    def poll(self, number: int) -> Pending:
        """Poll for all events, without waiting."""
        return self._done(self.descriptors[number].poll())

    def disconnect(self, number: int) -> Pending:
        """connect() to AF_UNSPEC: abort, and be unconnected again."""
        socket = self.descriptors[number]
        if socket.endpoint is not None:
            socket.endpoint.abort(self.host.world.now, error="ECONNRESET")
            self.drive(socket)
        return self._done("0")

    def close(self, number: int) -> Pending:
        """Close the descriptor; with the last one the connection is closed."""
        socket = self.descriptors.pop(number)
        if would_block(self, socket):
            self.descriptors[number] = socket
            return self._done("-EWOULDBLOCK")
        socket.references -= 1
        if socket.references:
            return self._done("0")
        self.release(socket)
        seconds = lingers(self, socket)
        return linger(self, socket, seconds) if seconds else self._done("0")

    def datagram_socket(self, port: int) -> DatagramSocket:
        """A UDP socket bound to `port` of this host."""
        socket = DatagramSocket(Address(self.host.address, port))
        self.host.datagram_sockets.append(socket)
        return socket

    def send_datagram(
        self, socket: DatagramSocket, payload: bytes, to: Address | None = None
    ) -> str:
        """sendto(): the count, or -EDESTADDRREQ."""
        peer = to or socket.peer
        link = self.host.link
        if peer is None:
            return "-EDESTADDRREQ"
        if link is not None:
            link.send_datagram(self.host, Datagram(socket.local, peer, payload))
        return str(len(payload))

    # How calls wait --------------------------------------------------------------

    def release(self, socket: Socket, *, abort: bool = False) -> None:
        """No descriptor refers to the socket any more."""
        host = self.host
        now = host.world.now
        listener = socket.listener
        if listener is not None:
            host.close_listener(socket)
            return
        endpoint = socket.endpoint
        if endpoint is None:
            return
        if socket.options.get("TCP_REPAIR"):
            endpoint.vanish(now)
        elif abort and endpoint.tcb.synchronized:
            source = host.personality.at_death.source
            endpoint.abort(now, rule=KILLED, source=source)
        else:
            endpoint.close(now, linger=socket.linger if socket.linger == 0 else None)
            limit = host.personality.max_orphans.value
            if len(host.connections) > limit and host.orphans() > limit:
                endpoint.abort_for_memory(now)
        self.drive(socket)

    def drive(self, socket: Socket) -> None:
        """Let the connection of a socket send, and tell what happened."""
        if socket.endpoint is not None:
            connection = self.host.find(socket.endpoint)
            if connection is not None:
                self.host.drive(connection)

    def _act(
        self,
        socket: Socket,
        attempt: Callable[[], str | None],
        pending: Pending | None = None,
        *,
        wait: bool = True,
    ) -> Pending:
        result = self.wait(socket, attempt, pending, wait=wait)
        self.drive(socket)
        return result

    def wait(
        self,
        socket: Socket,
        attempt: Callable[[], str | None],
        pending: Pending | None = None,
        *,
        wait: bool = True,
    ) -> Pending:
        """Try a call; if it would block, let it wait, or say EAGAIN."""
        now = self.host.world.now
        pending = pending or Pending(now)
        result = attempt()
        if result is not None:
            pending.finish(result, now)
        elif socket.references and (socket.nonblocking or not wait):
            partial = len(pending.data)
            pending.finish(str(partial) if partial else "-EAGAIN", now)
        else:
            socket.attempts.append((pending, attempt))
        return pending

    def _done(self, result: str) -> Pending:
        pending = Pending(self.host.world.now)
        pending.finish(result, pending.started)
        return pending
