"""Abort a connection: RST now, named for what it is."""

import os
import socket
import struct
import sys
from typing import Any

from lastack.closing.endpoint import Endpoint, socket_of

# struct linger: two ints, except on Windows, where they are u_short.
_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


def abort(endpoint: Endpoint) -> None:
    """Close at once with RST; both send and receive queue are thrown away.

    SO_LINGER {on, 0 seconds}, then close() (RFC 9293 section 3.10.5; Linux
    `__tcp_close` -> `tcp_disconnect`). The peer's reads fail with ECONNRESET,
    on Linux after they have returned what its kernel had received. Nothing is
    left in TIME_WAIT or FIN_WAIT_2.

    For a socket the RST leaves before this returns, even if `makefile()` objects
    are open (they are then unusable); if a dup() or a forked process holds the
    same socket, nothing is sent until the last one closes. For a StreamWriter or
    transport it leaves in the loop's next turn: asyncio's own
    `transport.abort()` sends no RST, only FIN, unless data is unread.

    Raises:
        TypeError: no socket, StreamWriter or transport.
    """
    if isinstance(endpoint, socket.socket):
        _set_linger_zero(endpoint)
        descriptor = endpoint.detach()
        if descriptor >= 0:
            _close_descriptor(descriptor)
        return
    try:
        with socket_of(endpoint) as sock:
            _set_linger_zero(sock)
    except OSError:
        return  # closed already: there is no connection to reset
    transport: Any = getattr(endpoint, "transport", endpoint)
    transport.abort()


def _set_linger_zero(sock: socket.socket) -> None:
    if sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)


def _close_descriptor(descriptor: int) -> None:
    if sys.platform == "win32":
        socket.close(descriptor)
    else:
        os.close(descriptor)
