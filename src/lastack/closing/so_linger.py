"""SO_LINGER with a time: what close() will do, system by system."""

import socket
import struct
import sys

from lastack.closing.endpoint import Endpoint, socket_of

WHAT_CLOSE_DOES = {
    "linux": (
        "close() blocks until the send queue and the FIN are acknowledged, at most"
        " `seconds`; also on a non-blocking socket. It returns 0 either way, and"
        " the kernel goes on sending after the time is over. Process exit does not"
        " wait. Received data unread: RST at once, as without linger."
    ),
    "freebsd": (
        "A blocking socket's close() waits as on Linux but fails with EWOULDBLOCK"
        " when the time is over (the kernel goes on sending). A non-blocking"
        " socket's close() returns at once."
    ),
    "darwin": (
        "A blocking socket's close() waits, and returns 0 when the time is over."
        " A non-blocking socket's close() returns at once. Plain SO_LINGER counts"
        " clock ticks; this module uses SO_LINGER_SEC."
    ),
    "sunos": (
        "A blocking socket's close() waits and can be interrupted (EINTR)."
        " A non-blocking socket's close() returns at once."
    ),
    "win32": (
        "A blocking socket's closesocket() waits; when the time is over the"
        " connection is ABORTED, unlike elsewhere. On a non-blocking socket it"
        " fails with WSAEWOULDBLOCK and the socket stays open."
    ),
}
"""What close() does after `linger`, by `sys.platform` without its version.

linux is measured (6.18); the others are read in their sources (FreeBSD and xnu
`soclose`, illumos `tcp_close_common`) or documentation (Windows closesocket)."""

LONGEST = 32767
"""The longest time, in seconds: `l_linger` is 16 bits wide on some systems."""

_DARWIN_SO_LINGER_SEC = 0x1080  # xnu bsd/sys/socket.h


def linger(endpoint: Endpoint, seconds: int | None) -> None:
    """Make close() wait up to `seconds` (1 to 32767) for the peer's kernel.

    None switches it off again. What close() then does differs by system:
    `WHAT_CLOSE_DOES`. It never proves that the peer's *program* has the data:
    `close_gracefully` comes nearer, waits no longer than it is told on every
    system, and never blocks an event loop.

    Raises:
        ValueError: `seconds` is 0 (that is `abort`), negative or too large.
        ValueError: an asyncio endpoint on Linux, whose loop close() would block.
    """
    if seconds is not None and not 1 <= seconds <= LONGEST:
        hint = "; for RST at once call abort()" if seconds == 0 else ""
        raise ValueError(f"linger takes 1 to {LONGEST} seconds, not {seconds}{hint}")
    if (
        seconds is not None
        and sys.platform == "linux"
        and not isinstance(endpoint, socket.socket)
    ):
        raise ValueError(
            "on Linux close() would block the whole event loop for up to"
            f" {seconds} s: use aclose_gracefully()"
        )
    layout = "hh" if sys.platform == "win32" else "ii"
    option = socket.SO_LINGER
    if sys.platform == "darwin":
        option = _DARWIN_SO_LINGER_SEC
    with socket_of(endpoint) as sock:
        value = struct.pack(layout, seconds is not None, seconds or 0)
        sock.setsockopt(socket.SOL_SOCKET, option, value)
