"""A program's calls on the real kernel, as scripts and sequences ask for them."""

import select
import socket
import struct
from contextlib import suppress
from fcntl import ioctl
from typing import Final

from lastack.sim.packetdrill.subject import LOCAL, REMOTE, Answer, Request

_REQUESTS: Final = {"SIOCINQ": 0x541B, "SIOCOUTQ": 0x5411, "SIOCATMARK": 0x8905}
_LEVELS: Final = {"TCP": socket.IPPROTO_TCP, "IP": socket.IPPROTO_IP}
_POLL: Final = ("POLLIN", "POLLPRI", "POLLOUT", "POLLERR", "POLLHUP", "POLLRDHUP")
# struct tcp_info of linux/tcp.h: eight octets, then 32-bit fields in this order.
_OCTETS: Final = ("state", "ca_state", "retransmits", "probes", "backoff", "options")
_WORDS: Final = (
    "rto", "ato", "snd_mss", "rcv_mss", "unacked", "sacked", "lost", "retrans",
    "fackets", "last_data_sent", "last_ack_sent", "last_data_recv", "last_ack_recv",
    "pmtu", "rcv_ssthresh", "rtt", "rttvar", "snd_ssthresh", "snd_cwnd",
)  # fmt: skip


class RealSockets:
    """The descriptors of one program; its calls are made in the current namespace."""

    def __init__(self) -> None:
        self.sockets: dict[int, socket.socket] = {}

    def do(self, request: Request, answer: Answer) -> str:
        """Make a call, and return its result; raises OSError if it fails."""
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
                flags = socket.MSG_OOB if request.option else 0
                return str(sock.send(bytes(number), socket.MSG_NOSIGNAL | flags))
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
                _set_option(sock, request.option, number)
            case "SO_ERROR":
                answer.value = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            case "SIOCINQ" | "SIOCOUTQ" | "SIOCATMARK":
                octets = ioctl(sock, _REQUESTS[request.name], bytes(4))
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

    def abandon(self) -> None:
        """Abort every connection; a call that still waits returns."""
        for it in list(self.sockets.values()):
            with suppress(OSError):
                _set_option(it, "SO_LINGER", 0)
                it.shutdown(socket.SHUT_RDWR)
            it.close()
        self.sockets.clear()

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


def _set_option(sock: socket.socket, option: str, value: int) -> None:
    if option == "O_NONBLOCK":
        sock.setblocking(not value)
    elif option == "SO_LINGER":
        linger = struct.pack("ii", value >= 0, max(value, 0))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    else:
        level = _LEVELS.get(option.partition("_")[0], socket.SOL_SOCKET)
        sock.setsockopt(level, getattr(socket, option), value)


def _polled(sock: socket.socket) -> str:
    poll = select.poll()
    poll.register(sock, sum(getattr(select, name) for name in _POLL))
    events = dict(poll.poll(0)).get(sock.fileno(), 0)
    return "|".join(it for it in _POLL if events & getattr(select, it)) or "0"
