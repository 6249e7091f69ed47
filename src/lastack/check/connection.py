"""One connection to a server under test: what is sent, what comes, how it ended."""

import contextlib
import errno
import fcntl
import select
import socket
import struct
import time
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final, Self

import msgspec

MAX_RECEIVED: Final = 16 << 20
"""Bytes that are kept of one connection; a server that sends more is cut off."""

# struct tcp_info of include/uapi/linux/tcp.h: one byte of state first, and
# tcpi_total_retrans behind 8 bytes and 23 words.
_TCP_INFO_SIZE: Final = 104
_STATE_CLOSE: Final = 7  # TCP_CLOSE, include/net/tcp_states.h
_FIONREAD: Final = 0x541B
_RESETS: Final = {errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED}


class End(Enum):
    """How a read came to its end."""

    FIN = "closed"
    RESET = "reset the connection"
    LOST = "was lost"
    """The connection died in silence: ETIMEDOUT, EHOSTUNREACH."""
    OPEN = "kept the connection open"
    ENOUGH = "answered"
    """All that was wanted has arrived; the connection is open as far as known."""


class ConnectError(Exception):
    """A connect failed; the message is the errno's name."""


class Received(msgspec.Struct, frozen=True):
    """All bytes of a connection so far, and how the last read ended."""

    data: bytes
    end: End
    seconds: float
    """From the call to its end."""


class Connection:
    """A TCP connection that this program opened; `reset` says that a RST has come.

    A context manager: leaving it closes the socket.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.reset = False
        self._received = bytearray()

    @classmethod
    def open(
        cls,
        family: int,
        address: tuple[str, int] | tuple[str, int, int, int],
        seconds: float,
        receive_buffer: int = 0,
    ) -> "Connection":
        """Connect within `seconds`; `receive_buffer` bounds the window, in bytes."""
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            if receive_buffer:  # before the SYN: it fixes the window's scale
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            sock.settimeout(seconds)
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            sock.close()
            name = errno.errorcode.get(error.errno or errno.ETIMEDOUT, "ETIMEDOUT")
            raise ConnectError(name) from error
        return cls(sock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def send(self, pieces: Iterable[bytes], seconds: float) -> int:
        """Send `pieces`, waiting at most `seconds` for each; how many bytes went.

        It stops at a reset, which `reset` then tells, and when the server's window
        stays closed.
        """
        sent = 0
        self.sock.settimeout(seconds)
        for piece in pieces:
            view = memoryview(piece)
            while view:
                try:
                    taken = self.sock.send(view)
                except TimeoutError:
                    return sent
                except OSError as error:
                    self.reset = self.reset or error.errno in _RESETS
                    return sent
                sent += taken
                view = view[taken:]
        return sent

    def receive(
        self,
        seconds: float,
        enough: Callable[[bytes], bool] | None = None,
        quiet: float | None = None,
    ) -> Received:
        """Read for `seconds`, to the end, or until `enough` of all that came.

        `quiet` ends it earlier: so many seconds after the last byte, if any came.
        """
        begun = time.monotonic()
        if enough is not None and enough(bytes(self._received)):
            return Received(bytes(self._received), End.ENOUGH, 0.0)
        end = End.OPEN
        deadline = begun + seconds
        while (left := deadline - time.monotonic()) > 0:
            if quiet is not None and self._received:
                left = min(left, quiet)
            self.sock.settimeout(left)
            try:
                data = self.sock.recv(65536)
            except TimeoutError as error:
                if error.errno is not None:  # ETIMEDOUT of TCP, not of this wait
                    end = End.LOST
                break
            except OSError as error:
                self.reset = self.reset or error.errno in _RESETS
                end = End.RESET if error.errno in _RESETS else End.LOST
                break
            if not data:
                # After a RST that a send has reported, a read ends without error.
                end = End.RESET if self.reset else End.FIN
                break
            self._received += data
            if len(self._received) > MAX_RECEIVED:
                break
            if enough is not None and enough(bytes(self._received)):
                end = End.ENOUGH
                break
        return Received(bytes(self._received), end, time.monotonic() - begun)

    def wait_for_end(self, seconds: float) -> float | None:
        """Wait for a FIN or RST without reading; when it came, None if it did not."""
        begun = time.monotonic()
        poller = select.poll()
        poller.register(self.sock, select.POLLRDHUP)
        ready = poller.poll(seconds * 1000)
        return time.monotonic() - begun if ready else None

    def wait_for_reset(self, seconds: float) -> bool:
        """Wait for a RST, reading nothing; tells one that followed a FIN, too."""
        poller = select.poll()
        poller.register(self.sock, 0)  # POLLHUP and POLLERR come unasked
        poller.poll(seconds * 1000)
        if self.was_reset():
            self.reset = True
        return self.reset

    def was_reset(self) -> bool:
        """Tell whether the kernel has closed this socket, which a RST makes it do.

        It says nothing after our own FIN: an orderly close ends there, too.
        """
        return self._tcp_info()[0] == _STATE_CLOSE

    def retransmissions(self) -> int:
        """Return how many segments the kernel sent again, SYNs included."""
        return int(struct.unpack_from("I", self._tcp_info(), 100)[0])

    def _tcp_info(self) -> bytes:
        option = socket.TCP_INFO
        return self.sock.getsockopt(socket.IPPROTO_TCP, option, _TCP_INFO_SIZE)

    def unread(self) -> int:
        """Return how many bytes wait in the receive queue."""
        answer = fcntl.ioctl(self.sock.fileno(), _FIONREAD, struct.pack("i", 0))
        return int(struct.unpack("i", answer)[0])

    def half_close(self) -> None:
        """Send a FIN; an error means that the connection is gone already."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        """Send a RST at once and forget the connection."""
        linger = struct.pack("ii", 1, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.sock.close()
