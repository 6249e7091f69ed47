"""A socket: what descriptors refer to, between programs and a connection.

POSIX's view of TCP: errno, SO_ERROR, poll bits, blocking. The connection below
is an `Endpoint`; a socket that listens has none, but a `Listener`.
"""

from typing import TYPE_CHECKING

from lastack.sim.calls import disconnected, is_writable
from lastack.sim.endpoint import CallError, Endpoint
from lastack.sim.receive_window import set_receive_buffer
from lastack.sim.urgent import Urgent, at_mark
from lastack.tcp.states import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lastack.sim.listener import Listener
    from lastack.sim.personality import Personality

_OPENING = (State.SYN_SENT, State.SYN_RECEIVED)
_DATAGRAM_QUEUE = 212_992


class Pending:
    """A system call: over if `result` is not None, else the program waits in it.

    `data` is what recv() returned; `peer` an accepted connection's address or a
    datagram's sender.
    """

    __slots__ = ("data", "descriptor", "finished", "peer", "result", "started")

    def __init__(self, started: int) -> None:
        self.started = started
        self.finished = started
        self.result: str | None = None
        self.data = b""
        self.descriptor = -1
        self.peer: object = None

    def finish(self, result: str, now: int) -> None:
        """The call returns."""
        if self.result is None:
            self.result = result
            self.finished = now


class Socket:
    """An open socket; `references` counts the descriptors that refer to it."""

    __slots__ = (
        "attempts",
        "connecting",
        "endpoint",
        "failed",
        "linger",
        "listener",
        "local_port",
        "nonblocking",
        "options",
        "references",
        "shut_read",
        "when_connected",
    )

    def __init__(self) -> None:
        self.endpoint: Endpoint | None = None
        self.listener: Listener | None = None
        self.local_port = 0
        self.nonblocking = False
        self.linger: int | None = None
        self.references = 1
        self.options: dict[str, int] = {}
        self.failed = False
        self.shut_read = False
        self.connecting = False
        self.when_connected = "-EISCONN"
        self.attempts: list[tuple[Pending, Callable[[], str | None]]] = []

    def wake(self, now: int) -> None:
        """Try again what programs wait for."""
        if not self.attempts:
            return
        for entry in list(self.attempts):
            pending, attempt = entry
            if pending.result is None:
                result = attempt()
                if result is None:
                    continue
                pending.finish(result, now)
            if entry in self.attempts:
                self.attempts.remove(entry)

    def poll(self) -> str:
        """Return the events that are there, `POLLIN|POLLOUT`, or `0`."""
        if self.listener is not None:
            return "POLLIN" if self.listener.accept_queue else "0"
        endpoint = self.endpoint
        if endpoint is None or self.failed:
            error = endpoint is not None and endpoint.tcb.error
            first, last = ("POLLIN|", "|POLLRDHUP") if self.shut_read else ("", "")
            return f"{first}POLLOUT|{'POLLERR|' if error else ''}POLLHUP{last}"
        tcb = endpoint.tcb
        opening = tcb.state in _OPENING
        closed = tcb.state is State.CLOSED
        ended = tcb.done or tcb.shut_read
        # sk_stream_is_writeable: a third of what is queued must be free.
        writable = tcb.shut_write or is_writable(tcb)
        # At the mark one octet more must be there (tcp.c:tcp_poll).
        unread = len(tcb.receive_queue) > at_mark(tcb)
        bits = {
            "POLLIN": unread or ended,
            "POLLPRI": tcb.urgent_state is Urgent.THERE,
            "POLLOUT": writable and not opening,
            "POLLERR": bool(tcb.error),
            "POLLHUP": closed or (ended and tcb.shut_write),
            "POLLRDHUP": ended,
        }
        return "|".join(name for name, on in bits.items() if on) or "0"

    def take_error(self) -> str:
        """Return SO_ERROR, `0` or `-ECONNRESET`, and clear it."""
        if self.endpoint is None or not self.endpoint.tcb.error:
            return "0"
        error, self.endpoint.tcb.error = self.endpoint.tcb.error, ""
        return f"-{error}"

    def connected(self) -> str | None:
        """Return how connect() ended, or None while it has not."""
        endpoint = self.endpoint
        assert endpoint is not None
        tcb = endpoint.tcb
        if tcb.state in _OPENING:
            return None
        if tcb.state is State.CLOSED:
            error, tcb.error = tcb.error or "ECONNABORTED", ""
            self.failed = True
            return f"-{error}"
        return "0"

    def shuts_down(self) -> None:
        """shutdown() also decides what connect() gives (af_inet.c:inet_shutdown)."""
        if not self.connecting or self.endpoint is None:
            return
        self.connecting = False
        state = self.endpoint.tcb.state
        self.failed = state is State.SYN_SENT
        if state in (State.SYN_RECEIVED, State.CLOSED):
            self.when_connected = "-EINVAL"

    def connect_again(self, personality: "Personality") -> str:
        """Return what connect() gives that connects already, or is connected."""
        if not self.connecting:
            return self.when_connected
        result = self.connected()
        if result is None:
            return "-EALREADY"
        self.connecting = False
        if self.failed and self.endpoint is not None:
            disconnected(self.endpoint.tcb)
        again = personality.connect_again_succeeds.value
        return result if result != "0" or again else "-EISCONN"

    def receive(
        self, pending: Pending, size: int, now: int, *, peek: bool, everything: bool
    ) -> str | None:
        """Receive into `pending`; return the result, or None to wait on."""
        endpoint = self.endpoint
        if endpoint is None:
            return "0" if self.shut_read else "-ENOTCONN"
        while len(pending.data) < size:
            try:
                data = endpoint.receive(size - len(pending.data), now, peek=peek)
            except CallError as error:
                if error.errno == "EAGAIN":
                    return None
                return f"-{error.errno}"
            pending.data += data
            if not data or not everything:
                break
        return str(len(pending.data))


def apply_options(
    endpoint: Endpoint | None, options: "Mapping[str, int]", now: int
) -> None:
    """Hand a socket's options to its connection, if it has one."""
    if endpoint is None:
        return
    tcb = endpoint.tcb
    idle = tcb.keepalive_idle
    for name, value in options.items():
        if name == "TCP_USER_TIMEOUT":
            tcb.user_timeout = value * 1_000_000
        elif name == "TCP_LINGER2":
            tcb.linger2 = value * 1_000_000_000
        elif name == "TCP_KEEPIDLE":
            tcb.keepalive_idle = value * 1_000_000_000
        elif name == "TCP_KEEPINTVL":
            tcb.keepalive_interval = value * 1_000_000_000
        elif name == "TCP_KEEPCNT":
            tcb.keepalive_count = value
        elif name == "TCP_NODELAY":
            endpoint.set_nodelay(now, on=bool(value))
        elif name == "IP_TTL":
            tcb.ttl = value
        elif name == "IP_TOS":
            tcb.tos = value
        elif name == "SO_SNDBUF":
            slack = tcb.personality.send_slack.value
            tcb.send_limit = value * (1000 + slack) // 1000
        elif name == "SO_RCVBUF" and tcb.state is State.CLOSED:
            set_receive_buffer(tcb, value)
        elif name == "SO_KEEPALIVE" and bool(value) != tcb.keepalive:
            endpoint.set_keepalive(now, on=bool(value))
    if tcb.keepalive and tcb.keepalive_idle != idle:
        endpoint.set_keepalive(now, on=True)  # the time that runs is another
