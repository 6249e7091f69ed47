"""Calls as truss prints them, and sockets as netstat does: the other systems' words.

recvfrom(a, 65536)          (sleeping...)
recvfrom(a, 65536)          Err#54 ECONNRESET
tcp4   0    1  192.0.2.1.40001  192.0.2.129.8080  FIN_WAIT_1
"""

from collections.abc import Mapping
from typing import Final

from lastack.tcp.events import Call, SocketState

_LINUX: Final = {
    "EINTR": 4,
    "EBADF": 9,
    "EAGAIN": 11,
    "EWOULDBLOCK": 11,
    "EINVAL": 22,
    "EPIPE": 32,
    "EADDRINUSE": 98,
    "EADDRNOTAVAIL": 99,
    "ENETUNREACH": 101,
    "ECONNABORTED": 103,
    "ECONNRESET": 104,
    "EISCONN": 106,
    "ENOTCONN": 107,
    "ETIMEDOUT": 110,
    "ECONNREFUSED": 111,
    "EHOSTUNREACH": 113,
    "EALREADY": 114,
    "EINPROGRESS": 115,
}
_BSD: Final = _LINUX | {
    "EAGAIN": 35,
    "EWOULDBLOCK": 35,
    "EINPROGRESS": 36,
    "EALREADY": 37,
    "EADDRINUSE": 48,
    "EADDRNOTAVAIL": 49,
    "ENETUNREACH": 51,
    "ECONNABORTED": 53,
    "ECONNRESET": 54,
    "EISCONN": 56,
    "ENOTCONN": 57,
    "ETIMEDOUT": 60,
    "ECONNREFUSED": 61,
    "EHOSTUNREACH": 65,
}
_ILLUMOS: Final = _LINUX | {
    "EADDRINUSE": 125,
    "EADDRNOTAVAIL": 126,
    "ENETUNREACH": 128,
    "ECONNABORTED": 130,
    "ECONNRESET": 131,
    "EISCONN": 133,
    "ENOTCONN": 134,
    "ETIMEDOUT": 145,
    "ECONNREFUSED": 146,
    "EHOSTUNREACH": 148,
    "EALREADY": 149,
    "EINPROGRESS": 150,
}
_WINDOWS: Final = {name: 10_000 + number for name, number in _BSD.items()} | {
    "EPIPE": 10058,  # WSAESHUTDOWN
}

ERRNO: Final[Mapping[str, Mapping[str, int]]] = {
    "linux": _LINUX,
    "freebsd": _BSD,
    "macos": _BSD,
    "illumos": _ILLUMOS,
    "windows": _WINDOWS,
}
"""Each system's numbers of its errors (errno.h, winsock2.h)."""

_CALL: Final = 28
_STATES: Final = {"ESTAB": "ESTABLISHED", "SYN-RECV": "SYN_RCVD"}


def sleeping(call: Call) -> str:
    """Return the line of a call that blocks."""
    return f"{f'{call.name}({call.arguments})':<{_CALL}}(sleeping...)"


def returned(call: Call, numbers: Mapping[str, int]) -> str:
    """Return the line of a call that returned; `numbers` are its system's errno."""
    text = f"{f'{call.name}({call.arguments})':<{_CALL}}"
    if not call.result.startswith("-"):
        return f"{text}= {call.result}"
    name = call.result[1:]
    return f"{text}Err#{numbers.get(name, '?')} {name}"


def socket_line(state: SocketState) -> str:
    """Return netstat's line: protocol, queues, both ends, state."""
    name = _STATES.get(state.state, state.state.replace("-", "_"))
    shown = "(gone)" if name == "gone" else name
    protocol = "udp4" if state.protocol == "udp" else "tcp4"
    peer = "*.*" if state.peer == "*" else state.peer
    return (
        f"{protocol} {state.receive_queue:>5} {state.send_queue:>5} "
        f"{state.local} {peer} {shown}"
    )
