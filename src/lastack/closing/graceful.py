"""Close a socket so that the peer gets every byte and sees an end, not an error.

close() with received data unread sends RST (RFC 2525 section 2.17; Linux
`__tcp_close`), and the RST may destroy what the peer has not read yet: the last
answer. shutdown(SHUT_WR) first, then reading to end of file, cannot.
"""

import selectors
import socket
import sys
import time

from lastack.closing.drain import Closed, Drain

READ_SIZE = 65536


def close_gracefully(
    sock: socket.socket, timeout: float = 5.0, *, limit: int = 1 << 20
) -> Closed:
    """Send FIN, read until the peer's FIN, close; the socket is closed always.

    Waits at most `timeout` seconds for the peer's end and throws away at most
    `limit` bytes. Bytes still in the send queue are sent by the kernel, before
    the FIN and also after this returns. When a limit was met and data is unread,
    the final close() sends RST: the result says which (`Closed.how`).

    Works on blocking and non-blocking sockets. A TLS socket must be unwrapped
    first, since FIN without close_notify is a truncation to the peer.

    Raises:
        TypeError: a TLS socket.
        ValueError: a limit is negative.
    """
    return _close(sock, b"", Drain(time.monotonic(), timeout, limit))


def lingering_close(
    sock: socket.socket,
    answer: bytes = b"",
    *,
    timeout: float = 30.0,
    idle: float = 5.0,
    limit: int = 1 << 30,
) -> Closed:
    """Send a last answer to a peer which is still sending, so that it arrives.

    For the server which refuses a request (413, 401) without reading its body:
    sends `answer` while throwing away what comes in, then FIN, then goes on
    reading until the peer ends, `timeout` seconds are over, the peer says
    nothing for `idle` seconds, or it has sent `limit` bytes (RFC 9112
    section 9.6; the defaults of time are nginx's lingering_time and
    lingering_timeout).

    Raises:
        TypeError: a TLS socket.
        ValueError: a limit is negative.
    """
    return _close(sock, answer, Drain(time.monotonic(), timeout, limit, idle))


def _close(sock: socket.socket, answer: bytes, drain: Drain) -> Closed:
    refuse_tls(sock)
    pending = memoryview(answer)
    with sock, selectors.DefaultSelector() as selector:
        sock.setblocking(False)
        try:
            if not pending:
                sock.shutdown(socket.SHUT_WR)
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if pending else 0)
            selector.register(sock, events)
            while True:
                ready = selector.select(drain.seconds_left(time.monotonic()))
                mask = ready[0][1] if ready else 0
                if mask & selectors.EVENT_WRITE:
                    pending = pending[sock.send(pending) :]
                    if not pending:
                        sock.shutdown(socket.SHUT_WR)
                        selector.modify(sock, selectors.EVENT_READ)
                if not _read_on(sock, drain, readable=mask & selectors.EVENT_READ):
                    break
            _raise_pending_error(sock)
        except OSError as error:
            drain.failed(error)
        return drain.result(unacknowledged_bytes(sock))


def _read_on(sock: socket.socket, drain: Drain, readable: int) -> bool:
    if not readable:
        return drain.waited(time.monotonic())
    try:
        size = len(sock.recv(READ_SIZE))
    except BlockingIOError:
        return drain.waited(time.monotonic())
    return drain.read(size, time.monotonic())


def _raise_pending_error(sock: socket.socket) -> None:
    """Raise the error which only SO_ERROR tells.

    After the peer's FIN, Linux reports a RST to no read: they return end of
    file for ever (`tcp_reset`, state CLOSE_WAIT).
    """
    number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if number:
        import os

        raise OSError(number, os.strerror(number))


def unacknowledged_bytes(sock: socket.socket) -> int | None:
    """Own bytes, FIN included, not yet acknowledged by the peer (Linux SIOCOUTQ)."""
    if sys.platform != "linux":
        return None
    import fcntl
    import struct
    import termios

    try:
        answer = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0" * 4)
    except OSError:
        return None
    return int(struct.unpack("i", answer)[0])


def refuse_tls(sock: socket.socket) -> None:
    """Raise TypeError for an `ssl.SSLSocket`, without importing ssl."""
    ssl = sys.modules.get("ssl")
    if ssl is not None and isinstance(sock, ssl.SSLSocket):
        raise TypeError(
            "a TLS socket: call sock.unwrap() and close what it returns"
            " (FIN without close_notify is a truncation to the peer)"
        )
