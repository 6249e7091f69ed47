"""The real kernel as the subject of packetdrill's scripts, in real time.

The program's calls are made by a thread of its own, since they may block.
"""

import queue
import select
import socket
import struct
import threading
from contextlib import suppress
from fcntl import ioctl
from typing import TYPE_CHECKING, Final, Self

from lastack.lab.tun_host import TunHost, errno_name
from lastack.sim.packetdrill.subject import LOCAL, REMOTE, Answer, Request
from lastack.sim.sockets import Pending
from lastack.tcp.icmp import IcmpError, icmp_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from lastack.tcp.segment import Segment

_PATIENCE: Final = 200_000_000
_SIOCINQ: Final = 0x541B
_SIOCOUTQ: Final = 0x5411
_LEVELS: Final = {"TCP": socket.IPPROTO_TCP, "IP": socket.IPPROTO_IP}
_POLL: Final = ("POLLIN", "POLLOUT", "POLLERR", "POLLHUP", "POLLRDHUP")
_ICMP: Final = {
    "port-unreachable": "unreachable port",
    "host-unreachable": "unreachable host",
    "net-unreachable": "unreachable net",
    "admin-prohibited": "unreachable admin_prohibited",
}
# struct tcp_info of linux/tcp.h: eight octets, then 32-bit fields in this order.
_OCTETS: Final = ("state", "ca_state", "retransmits", "probes", "backoff", "options")
_WORDS: Final = (
    "rto", "ato", "snd_mss", "rcv_mss", "unacked", "sacked", "lost", "retrans",
    "fackets", "last_data_sent", "last_ack_sent", "last_data_recv", "last_ack_recv",
    "pmtu", "rcv_ssthresh", "rtt", "rttvar", "snd_ssthresh", "snd_cwnd",
)  # fmt: skip


class ScriptKernel:
    """A kernel under test; use it as a context, so that its namespace goes."""

    def __init__(self) -> None:
        self.host = TunHost(LOCAL)
        self.sent = self.host.sent
        self.patience = _PATIENCE
        self.sockets: dict[int, socket.socket] = {}
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._returned, self._returns = socket.socketpair()
        self._program = threading.Thread(target=self._work, daemon=True)
        self._program.start()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every socket, and remove the namespace."""
        self._tasks.put(None)
        for it in list(self.sockets.values()):
            linger = struct.pack("ii", 1, 0)
            it.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            with suppress(OSError):
                it.shutdown(socket.SHUT_RDWR)  # wakes a call that still blocks
            it.close()
        self._program.join(1)
        self._returned.close()
        self._returns.close()
        self.host.close()

    def _work(self) -> None:
        with self.host.namespace.entered():
            while (task := self._tasks.get()) is not None:
                task()

    # Time ------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The real time."""
        return self.host.now

    def run_until(self, time: int) -> None:
        """Let real time pass."""
        while self.now < time:
            self.host.wait(time)

    def run_until_sent(self, time: int) -> None:
        """Let it pass until the kernel sends."""
        self.host.read()
        while not self.sent and self.now < time:
            self.host.wait(time)

    def run_until_returned(self, answer: Answer, time: int) -> None:
        """Let it pass until a call returned."""
        while answer.pending.result is None and self.now < time:
            self.host.wait(time, self._returned.fileno())
            if select.select([self._returned], [], [], 0)[0]:
                self._returned.recv(64)

    # What arrives ------------------------------------------------------------------

    def arrives(self, segment: "Segment") -> None:
        """Let a segment arrive."""
        self.host.read()
        self.host.write(segment)

    def icmp_arrives(self, kind: str, quoted: "Segment") -> None:
        """Let an ICMP error arrive."""
        numbers = icmp_names(4)[_ICMP[kind]]
        self.host.write(IcmpError(self.now, REMOTE, *numbers, quoted))

    def set(self, name: str, value: str) -> None:
        """Change a setting of the namespace."""
        full = name if name.startswith("net.") else f"net.ipv4.{name}"
        try:
            self.host.namespace.set(full, value)
        except OSError as error:
            raise LookupError(f"{full}: {error}") from None

    # Calls -------------------------------------------------------------------------

    def call(self, request: Request) -> Answer:
        """Let the program's thread make a call."""
        pending = Pending(self.now)
        answer = Answer(pending)

        def task() -> None:
            try:
                result = self._do(request, answer)
            except OSError as error:
                result = errno_name(error)
            pending.finish(result, self.now)
            self._returns.send(b".")

        self._tasks.put(task)
        return answer

    def _do(self, request: Request, answer: Answer) -> str:
        if request.name == "socket":
            return self._keep(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
        sock = self.sockets.get(request.descriptor)
        if sock is None:
            return "-EBADF"
        number = request.number
        match request.name:
            case "bind":
                sock.bind((LOCAL, number))
            case "listen":
                sock.listen(number)
            case "accept":
                return self._keep(sock.accept()[0])
            case "connect":
                sock.connect((REMOTE, number))
            case "send":
                return str(sock.send(bytes(number), socket.MSG_NOSIGNAL))
            case "receive":
                names = filter(None, request.option.split("|"))
                flags = sum(getattr(socket, it) for it in names)
                return str(len(sock.recv(number, flags)))
            case "close":
                del self.sockets[request.descriptor]
                sock.close()
            case "shutdown":
                sock.shutdown(getattr(socket, request.option))
            case "setsockopt":
                self._set_option(sock, request.option, number)
            case "SO_ERROR":
                answer.value = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            case "SIOCINQ" | "SIOCOUTQ":
                what = _SIOCINQ if request.name == "SIOCINQ" else _SIOCOUTQ
                octets = ioctl(sock, what, bytes(4))
                answer.value = int.from_bytes(octets, "little")
            case "poll":
                answer.events = _polled(sock)
            case "F_GETFL":
                return "2" if sock.getblocking() else "2050"
        return "0"

    def _keep(self, sock: socket.socket) -> str:
        sock.setblocking(True)
        self.sockets[sock.fileno()] = sock
        return str(sock.fileno())

    def _set_option(self, sock: socket.socket, option: str, value: int) -> None:
        if option == "O_NONBLOCK":
            sock.setblocking(not value)
        elif option == "SO_LINGER":
            linger = struct.pack("ii", value >= 0, max(value, 0))
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        else:
            level = _LEVELS.get(option.partition("_")[0], socket.SOL_SOCKET)
            sock.setsockopt(level, getattr(socket, option), value)

    def information(self) -> dict[str, int]:
        """Return TCP_INFO of the newest connection."""
        newest = list(self.sockets.values())[-1]
        octets = newest.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        words = struct.unpack_from(f"={len(_WORDS)}I", octets, 8)
        return {
            f"tcpi_{name}": value
            for name, value in (*zip(_OCTETS, octets[:6], strict=True),
                                *zip(_WORDS, words, strict=True))
        }  # fmt: skip


def _polled(sock: socket.socket) -> str:
    poll = select.poll()
    poll.register(sock, sum(getattr(select, name) for name in _POLL))
    events = dict(poll.poll(0)).get(sock.fileno(), 0)
    return "|".join(it for it in _POLL if events & getattr(select, it)) or "0"
