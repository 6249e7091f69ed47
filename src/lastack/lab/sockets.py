"""The sockets of a namespace as the kernel's sock_diag tells them, and their end.

Layouts are those of linux/inet_diag.h; ss reads the same.
"""

import ipaddress
import socket
import struct
from dataclasses import dataclass, replace
from typing import Final

from lastack.lab.namespaces import Namespace
from lastack.tcp.segment import Address

_NETLINK_SOCK_DIAG: Final = 4
_BY_FAMILY: Final = 20
_DESTROY: Final = 21
_REQUEST, _ACK, _DUMP = 0x1, 0x4, 0x300
_DONE, _ERROR = 3, 2
_TCP: Final = 6
_UDP: Final = 17
_ALL_STATES: Final = 0xFFF
_ANY: Final = 0xFFFFFFFF
# enum of net/tcp_states.h, as ss writes the states.
_STATES: Final = {
    1: "ESTAB",
    2: "SYN-SENT",
    3: "SYN-RECV",
    4: "FIN-WAIT-1",
    5: "FIN-WAIT-2",
    6: "TIME-WAIT",
    7: "UNCONN",
    8: "CLOSE-WAIT",
    9: "LAST-ACK",
    10: "LISTEN",
    11: "CLOSING",
    12: "SYN-RECV",
}
_TIMERS: Final = {0: "", 1: "on", 2: "keepalive", 3: "timewait", 4: "persist"}
_MESSAGE: Final = struct.Struct("=BBBB HH 16s16s I II IIIII")
_PORTS: Final = struct.Struct("!HH")


@dataclass(frozen=True, slots=True)
class Socket:
    """One socket; `timer` is its kind, `expires_ms` its rest, `identity` its id."""

    local: Address
    peer: Address
    state: str
    receive_queue: int
    send_queue: int
    timer: str
    expires_ms: int
    retransmits: int
    orphan: bool
    identity: bytes

    @property
    def timeless(self) -> "Socket":
        """The socket without what changes with every millisecond."""
        return replace(self, expires_ms=0)


class SocketTable:
    """The TCP and UDP sockets of one namespace."""

    def __init__(self, namespace: Namespace) -> None:
        with namespace.entered():
            self._netlink = socket.socket(
                socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG
            )

    def _ask(self, kind: int, flags: int, body: bytes) -> list[bytes]:
        header = struct.pack("=IHHII", 16 + len(body), kind, _REQUEST | flags, 1, 0)
        self._netlink.send(header + body)
        found: list[bytes] = []
        while True:
            data = self._netlink.recv(1 << 18)
            at = 0
            while at + 16 <= len(data):
                length, answer = struct.unpack_from("=IH", data, at)
                if answer in {_DONE, _ERROR} or length < 16:
                    return found
                found.append(data[at + 16 : at + length])
                at += length + 3 & ~3

    def all(self) -> list[Socket]:
        """Return every TCP socket, the mini sockets of TIME_WAIT included."""
        return self._of(_TCP)

    def udp(self) -> list[Socket]:
        """Return every UDP socket; one that was not connected has peer port 0."""
        return self._of(_UDP)

    def _of(self, protocol: int) -> list[Socket]:
        found: list[Socket] = []
        for family in (socket.AF_INET, socket.AF_INET6):
            request = struct.pack("=BBBBI48s", family, protocol, 0, 0, _ALL_STATES, b"")
            found += [_socket(it) for it in self._ask(_BY_FAMILY, _DUMP, request)]
        return found

    def state(self, local: Address, peer: Address) -> str:
        """Return the state of one IPv4 socket; empty if there is none.

        A port that listens answers for what it does not know: LISTEN.
        """
        ends = (ipaddress.IPv4Address(it.host).packed for it in (local, peer))
        ports = _PORTS.pack(local.port, peer.port)
        identity = ports + struct.pack("=16s16sIII", *ends, 0, _ANY, _ANY)
        request = struct.pack("=BBBBI", socket.AF_INET, _TCP, 0, 0, _ALL_STATES)
        found = self._ask(_BY_FAMILY, _ACK, request + identity)
        return _socket(found[0]).state if found else ""

    def destroy(self, victim: Socket) -> None:
        """End it as `ss -K` does (SOCK_DESTROY): tcp_abort() in the kernel."""
        family = socket.AF_INET6 if ":" in victim.local.host else socket.AF_INET
        request = struct.pack("=BBBBI", family, _TCP, 0, 0, _ALL_STATES)
        self._ask(_DESTROY, _ACK, request + victim.identity)

    def close(self) -> None:
        """Close the netlink socket."""
        self._netlink.close()


def _socket(message: bytes) -> Socket:
    (
        family, state, timer, retransmits, _, _, source, destination, _, _, _,
        expires, receive_queue, send_queue, _, inode,
    ) = _MESSAGE.unpack_from(message)  # fmt: skip
    source_port, destination_port = _PORTS.unpack_from(message, 4)
    size = 4 if family == socket.AF_INET else 16
    return Socket(
        Address(str(ipaddress.ip_address(source[:size])), source_port),
        Address(str(ipaddress.ip_address(destination[:size])), destination_port),
        _STATES.get(state, str(state)),
        receive_queue,
        send_queue,
        _TIMERS.get(timer, str(timer)),
        expires,
        retransmits,
        inode == 0,
        message[4:52],
    )
