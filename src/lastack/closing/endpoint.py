"""The socket under a connection, whether the program holds it or asyncio does."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class HasExtraInfo(Protocol):
    """What asyncio's `StreamWriter` and every transport offer."""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Information on the connection: asyncio's own documentation lists it."""


Endpoint = socket.socket | HasExtraInfo
"""A socket, a `StreamWriter` or a transport."""


@contextmanager
def socket_of(endpoint: Endpoint) -> Iterator[socket.socket]:
    """The endpoint's socket, to set options on and to ask; do not close it.

    An event loop shows only a stand-in for its socket (uvloop's has no
    setsockopt), hence a second descriptor of the same socket, which lives
    only within the `with` block: while it is open, close() sends nothing.

    Raises:
        TypeError: the endpoint is no socket and has none.
        OSError: EBADF, the transport is closed already.
    """
    if isinstance(endpoint, socket.socket):
        yield endpoint
        return
    if not hasattr(endpoint, "get_extra_info"):
        message = f"expected a socket, StreamWriter or transport, not {endpoint!r}"
        raise TypeError(message)
    stand_in = endpoint.get_extra_info("socket")
    if stand_in is None:
        raise OSError(errno.EBADF, "the transport is closed, or has no socket")
    second = socket.fromfd(
        stand_in.fileno(), stand_in.family, stand_in.type, stand_in.proto
    )
    try:
        yield second
    finally:
        second.close()
