r"""System calls on sockets, each shown with its time and result as truss does.

A line has three columns: seconds since the first call at which this one began,
seconds that it took, and the call with what it returned::

      0.0004  0.0001  connect(3, 127.0.0.1:9999) = 0
      5.0131  0.0000  write(3, "hello\n", 6) Err#32 EPIPE

Data are shown as C strings, cut after 16 bytes: nothing that a peer sends reaches
the terminal raw.
"""

import errno
import fcntl
import os
import select
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Final, TextIO, TypeVar

Result = TypeVar("Result")

SHOWN_BYTES: Final = 16
"""Bytes of a buffer that are shown, before an ellipsis."""

_FIONREAD: Final = 0x541B
"""ioctl(2): bytes in the receive queue; Linux's number, from asm-generic."""

_POLL_NAMES: Final = (
    (select.POLLIN, "POLLIN"),
    (select.POLLOUT, "POLLOUT"),
    (select.POLLERR, "POLLERR"),
    (select.POLLHUP, "POLLHUP"),
    (select.POLLNVAL, "POLLNVAL"),
)
_SHUTDOWN_NAMES: Final = {
    socket.SHUT_RD: "SHUT_RD",
    socket.SHUT_WR: "SHUT_WR",
    socket.SHUT_RDWR: "SHUT_RDWR",
}
_ESCAPES: Final = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}

Address = tuple[str, int] | tuple[str, int, int, int]


def quoted(data: bytes) -> str:
    """Return `data` as a C string of printable ASCII, at most 16 bytes of it."""
    shown = "".join(
        _ESCAPES.get(byte, chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}")
        for byte in data[:SHOWN_BYTES]
    )
    return f'"{shown}"' + ("..." if len(data) > SHOWN_BYTES else "")


def named_address(address: Address) -> str:
    """Return `10.0.0.1:80` or `[2001:db8::1]:80`."""
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    return f"{host}:{address[1]}"


def named_events(events: int) -> str:
    """Return `POLLIN|POLLHUP` for a mask of poll(2); `0` for none."""
    names = [name for bit, name in _POLL_NAMES if events & bit]
    return "|".join(names) or "0"


def error_name(error: OSError) -> str:
    """Return `ECONNRESET` for its error; the class's name where it has no number."""
    if error.errno is None:
        return type(error).__name__
    return errno.errorcode.get(error.errno, str(error.errno))


class TracedCalls:
    """The calls that a netcat makes; each writes one line to `out`, if there is one.

    `clock` returns seconds and never goes back. An error is shown and raised.
    """

    def __init__(
        self, out: TextIO | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._out = out
        self._clock = clock
        self._first: float | None = None

    def _call(
        self,
        text: str,
        call: Callable[[], Result],
        show: Callable[[Result], str] = str,
    ) -> Result:
        if self._out is None:
            return call()
        begun = self._clock()
        if self._first is None:
            self._first = begun
        try:
            result = call()
        except OSError as error:
            number = "" if error.errno is None else f"#{error.errno}"
            self._line(begun, f"{text} Err{number} {error_name(error)}")
            raise
        self._line(begun, f"{text} = {show(result)}")
        return result

    def _line(self, begun: float, text: str) -> None:
        if self._out is None or self._first is None:
            return
        took = self._clock() - begun
        self._out.write(f"{begun - self._first:9.4f} {took:8.4f}  {text}\n")
        self._out.flush()

    def open_socket(self, family: int, kind: int) -> socket.socket:
        """Make a socket."""
        names = f"{socket.AddressFamily(family).name}, {socket.SocketKind(kind).name}"
        return self._call(
            f"socket({names}, 0)",
            lambda: socket.socket(family, kind),
            lambda made: str(made.fileno()),
        )

    def bind(self, sock: socket.socket, address: Address) -> None:
        """Bind to an address."""
        text = f"bind({sock.fileno()}, {named_address(address)})"
        self._call(text, lambda: sock.bind(address), lambda _: "0")

    def listen(self, sock: socket.socket, backlog: int) -> None:
        """Begin to listen; `backlog` is the length of the accept queue, less one."""
        text = f"listen({sock.fileno()}, {backlog})"
        self._call(text, lambda: sock.listen(backlog), lambda _: "0")

    def accept(self, sock: socket.socket) -> tuple[socket.socket, Address]:
        """Take a connection from the accept queue."""
        return self._call(
            f"accept({sock.fileno()})",
            sock.accept,
            lambda made: f"{made[0].fileno()} from {named_address(made[1])}",
        )

    def connect(self, sock: socket.socket, address: Address) -> None:
        """Connect, or begin to on a non-blocking socket."""
        text = f"connect({sock.fileno()}, {named_address(address)})"
        self._call(text, lambda: sock.connect(address), lambda _: "0")

    def setsockopt(
        self, sock: socket.socket, level: int, option: int, value: int | bytes, as_: str
    ) -> None:
        """Set an option; `as_` is how the option and its value are shown."""
        text = f"setsockopt({sock.fileno()}, {as_})"
        self._call(text, lambda: sock.setsockopt(level, option, value), lambda _: "0")

    def socket_error(self, sock: socket.socket) -> int:
        """Return SO_ERROR: the pending errno, or 0; it clears it."""
        return self._call(
            f"getsockopt({sock.fileno()}, SOL_SOCKET, SO_ERROR)",
            lambda: sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR),
            lambda number: f"[{errno.errorcode.get(number, number)}]",
        )

    def unread_bytes(self, sock: socket.socket) -> int:
        """Return FIONREAD: bytes that arrived and were not read yet."""

        def ask() -> int:
            answer = fcntl.ioctl(sock.fileno(), _FIONREAD, struct.pack("i", 0))
            return int(struct.unpack("i", answer)[0])

        return self._call(
            f"ioctl({sock.fileno()}, FIONREAD)", ask, lambda count: f"[{count}]"
        )

    def poll(
        self, wanted: Sequence[tuple[int, int]], seconds: float | None
    ) -> dict[int, int]:
        """Wait for (descriptor, events): who is ready; None waits for ever."""
        poller = select.poll()
        for descriptor, events in wanted:
            poller.register(descriptor, events)
        milliseconds = -1 if seconds is None else max(0, int(seconds * 1000) + 1)
        asked = ", ".join(f"{fd} {named_events(events)}" for fd, events in wanted)
        ready: list[tuple[int, int]] = self._call(
            f"poll([{asked}], {milliseconds})",
            lambda: poller.poll(milliseconds),
            lambda found: (
                f"{len(found)} [{', '.join(_ready(fd, got) for fd, got in found)}]"
            ),
        )
        return dict(ready)

    def read(self, descriptor: int, size: int) -> bytes:
        """Read at most `size` bytes; b"" is end of file."""
        begun = self._clock()
        try:
            data = os.read(descriptor, size)
        except OSError as error:
            self._show_io(begun, f"read({descriptor}, ..., {size})", error)
            raise
        self._show_io(begun, f"read({descriptor}, {quoted(data)}, {size})", len(data))
        return data

    def write(self, descriptor: int, data: bytes) -> int:
        """Write what fits: the bytes that were taken."""
        text = f"write({descriptor}, {quoted(data)}, {len(data)})"
        return self._call(text, lambda: os.write(descriptor, data))

    def receive_from(self, sock: socket.socket, size: int) -> tuple[bytes, Address]:
        """Peek with MSG_PEEK: who sent the first datagram, which stays."""
        return self._call(
            f"recvfrom({sock.fileno()}, {size}, MSG_PEEK)",
            lambda: sock.recvfrom(size, socket.MSG_PEEK),
            lambda got: f"{len(got[0])} from {named_address(got[1])}",
        )

    def shutdown(self, sock: socket.socket, how: int) -> None:
        """Close one direction or both; the descriptor stays open."""
        text = f"shutdown({sock.fileno()}, {_SHUTDOWN_NAMES[how]})"
        self._call(text, lambda: sock.shutdown(how), lambda _: "0")

    def close(self, sock: socket.socket) -> None:
        """Close the descriptor; its time shows whether SO_LINGER made it wait."""
        descriptor = sock.detach()
        self._call(f"close({descriptor})", lambda: os.close(descriptor), lambda _: "0")

    def _show_io(self, begun: float, text: str, result: int | OSError) -> None:
        if self._out is None:
            return
        if self._first is None:
            self._first = begun
        if isinstance(result, OSError):
            self._line(begun, f"{text} Err#{result.errno} {error_name(result)}")
        else:
            self._line(begun, f"{text} = {result}")


def _ready(descriptor: int, events: int) -> str:
    return f"{descriptor} {named_events(events)}"
