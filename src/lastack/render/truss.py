"""Calls as truss prints them, and sockets as netstat does: the other systems' words.

recvfrom(a, 65536)          (sleeping...)
recvfrom(a, 65536)          Err#54 ECONNRESET
tcp4   0    1  192.0.2.1.40001  192.0.2.129.8080  FIN_WAIT_1
"""

from collections.abc import Mapping
from typing import Final

from lastack.tcp.events import Call, SocketState

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
