"""A netcat that shows its calls and can be told to end its connection badly.

It copies standard input to a socket and the socket to standard output, with
poll(2), as nc does. Every fault that it can be asked for is one that real programs
have: it goes on after end of file, it leaves bytes unread, it resets.
"""

import contextlib
import os
import socket
import struct
import time
from collections.abc import Callable
from select import POLLERR, POLLHUP, POLLIN, POLLOUT
from typing import Final

import msgspec

from lastack.check.traced_calls import (
    Address,
    TracedCalls,
    error_name,
    named_address,
)

CHUNK: Final = 16384
"""Bytes that are read at a time."""

BACKLOG: Final = 16
"""Length of the accept queue of a listening netcat."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a netcat is asked to do; times in seconds."""

    host: str | None = None
    port: int
    source_port: int = 0
    family: int = socket.AF_UNSPEC
    numeric: bool = False
    listen: bool = False
    keep_listening: bool = False
    udp: bool = False
    scan: bool = False
    verbose: bool = False
    timeout: float | None = None
    """For the connect, and for idleness of both inputs."""
    half_close: bool = False
    """shutdown(WR) at end of standard input, as nc -N does."""
    ignore_eof: bool = False
    linger: int | None = None
    keepalive: bool = False
    keepalive_times: tuple[int, int, int] | None = None
    """Idle seconds before the first probe, seconds between, count."""
    close_after: float | None = None
    unread: int = 0
    """Bytes that stay in the receive queue at close."""
    shutdown_read: bool = False
    """shutdown(RD) before close."""


class Netcat:
    """One netcat: `run` returns the exit code, 0 for done and 1 for a failure."""

    def __init__(
        self,
        options: Options,
        calls: TracedCalls,
        say: Callable[[str], None],
        *,
        stdin: int = 0,
        stdout: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.options = options
        self.calls = calls
        self.say = say
        self.stdin: int | None = stdin
        self.stdout = stdout
        self.clock = clock
        self._where = ""
        """The address that is tried, for what is said if that fails."""

    def run(self) -> int:
        """Connect or listen, and relay until the end."""
        try:
            return self._listen() if self.options.listen else self._connect()
        except socket.gaierror as error:
            self.say(f"{self.options.host}: {error.strerror or error}")
        except TimeoutError:
            waited = self.options.timeout
            how = ": SYNs unanswered" if waited is None else f" within {waited:g} s"
            self.say(f"{self._where}no connection{how} (ETIMEDOUT)")
        except OSError as error:
            self.say(f"{self._where}{_reason(error)}")
        return 1

    def _resolve(self) -> tuple[int, Address]:
        options = self.options
        kind = socket.SOCK_DGRAM if options.udp else socket.SOCK_STREAM
        flags = socket.AI_NUMERICHOST if options.numeric else 0
        family = options.family
        if options.host is None:
            flags |= socket.AI_PASSIVE
            if family == socket.AF_UNSPEC:
                family = socket.AF_INET
        found = socket.getaddrinfo(
            options.host, options.port, family, kind, flags=flags
        )
        chosen, _, _, _, end = found[0]
        address: Address = (str(end[0]), int(end[1]), *end[2:])
        self._where = f"{named_address(address)}: "
        return chosen, address

    def _open(self, family: int) -> socket.socket:
        kind = socket.SOCK_DGRAM if self.options.udp else socket.SOCK_STREAM
        return self.calls.open_socket(family, kind)

    def _connect(self) -> int:
        options = self.options
        family, address = self._resolve()
        sock = self._open(family)
        if options.source_port:
            self._reuse(sock)
            any_address = "::" if family == socket.AF_INET6 else "0.0.0.0"  # noqa: S104
            self.calls.bind(sock, (any_address, options.source_port))
        try:
            self._connect_within(sock, address)
        except OSError:
            self.calls.close(sock)
            raise
        if options.verbose or options.scan:
            protocol = "udp" if options.udp else "tcp"
            self.say(f"connected to {named_address(address)} [{protocol}]")
        if options.scan:
            self.calls.close(sock)
            return 0
        return self._converse(sock)

    def _connect_within(self, sock: socket.socket, address: Address) -> None:
        if self.options.timeout is None:
            self.calls.connect(sock, address)
            return
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            self.calls.connect(sock, address)
        ready = self.calls.poll([(sock.fileno(), POLLOUT)], self.options.timeout)
        if not ready:
            raise TimeoutError
        if number := self.calls.socket_error(sock):
            raise OSError(number, os.strerror(number))

    def _listen(self) -> int:
        options = self.options
        family, address = self._resolve()
        listener = self._open(family)
        self._reuse(listener)
        try:
            self.calls.bind(listener, address)
            if options.udp:
                return self._serve_datagrams(listener)
            self.calls.listen(listener, BACKLOG)
            bound = named_address(listener.getsockname())
            if options.verbose:
                self.say(f"listening on {bound}")
            while True:
                sock, peer = self.calls.accept(listener)
                if options.verbose:
                    self.say(f"connection from {named_address(peer)}")
                if not options.keep_listening:
                    self.calls.close(listener)
                code = self._converse(sock)
                if not options.keep_listening:
                    return code
        finally:
            if listener.fileno() >= 0:
                self.calls.close(listener)

    def _serve_datagrams(self, sock: socket.socket) -> int:
        """Answer the sender of the first datagram, and nobody else, as nc does."""
        if self.options.verbose:
            self.say(f"listening on {named_address(sock.getsockname())} [udp]")
        _, peer = self.calls.receive_from(sock, CHUNK)
        self.calls.connect(sock, peer)
        if self.options.verbose:
            self.say(f"datagram from {named_address(peer)}")
        return self._converse(sock)

    def _reuse(self, sock: socket.socket) -> None:
        self.calls.setsockopt(
            sock,
            socket.SOL_SOCKET,
            socket.SO_REUSEADDR,
            1,
            "SOL_SOCKET, SO_REUSEADDR, 1",
        )

    def _converse(self, sock: socket.socket) -> int:
        """Relay over one connection, then close it in the way that was asked for."""
        self._set_options(sock)
        sock.setblocking(False)
        try:
            _Relay(self, sock).run()
            code = 0
        except OSError as error:
            self.say(_reason(error))
            code = 1
        if self.options.shutdown_read:
            with contextlib.suppress(OSError):
                self.calls.shutdown(sock, socket.SHUT_RD)
        self.calls.close(sock)
        return code

    def _set_options(self, sock: socket.socket) -> None:
        options = self.options
        if options.udp:
            return
        level = socket.SOL_SOCKET
        if options.linger is not None:
            value = struct.pack("ii", 1, options.linger)
            shown = f"SOL_SOCKET, SO_LINGER, {{on, {options.linger}}}"
            self.calls.setsockopt(sock, level, socket.SO_LINGER, value, shown)
        if options.keepalive or options.keepalive_times:
            shown = "SOL_SOCKET, SO_KEEPALIVE, 1"
            self.calls.setsockopt(sock, level, socket.SO_KEEPALIVE, 1, shown)
        names = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")
        for name, seconds in zip(names, options.keepalive_times or (), strict=False):
            shown = f"IPPROTO_TCP, {name}, {seconds}"
            number = int(getattr(socket, name))
            self.calls.setsockopt(sock, socket.IPPROTO_TCP, number, seconds, shown)
        if options.unread:
            # poll(2) then wakes only when more than that has arrived, or the end.
            mark = options.unread + 1
            shown = f"SOL_SOCKET, SO_RCVLOWAT, {mark}"
            self.calls.setsockopt(sock, level, socket.SO_RCVLOWAT, mark, shown)


def _reason(error: OSError) -> str:
    return f"{(error.strerror or str(error)).lower()} ({error_name(error)})"


class _Relay:
    """The copying between standard input, one socket and standard output."""

    def __init__(self, netcat: Netcat, sock: socket.socket) -> None:
        self._netcat = netcat
        self._options = netcat.options
        self._calls = netcat.calls
        self._sock = sock
        self._descriptor = sock.fileno()
        self._receiving = True
        self._writing = True
        self._pending = b""
        self._opened = netcat.clock()

    def run(self) -> None:
        """Return at the end; OSError is the connection's failure."""
        while wanted := self._wanted():
            seconds, why = self._patience()
            ready = self._calls.poll(wanted, seconds)
            if not ready and why:
                if self._options.verbose:
                    self._netcat.say(why)
                return
            if self._descriptor in ready:
                self._serve_socket(ready[self._descriptor])
            stdin = self._netcat.stdin
            if stdin is not None and stdin in ready and not self._pending:
                self._read_input(stdin)

    def _wanted(self) -> list[tuple[int, int]]:
        """What to poll for; empty when the conversation is over."""
        stdin = self._netcat.stdin
        over = not self._receiving and not self._options.ignore_eof
        if not self._pending and (over or (not self._receiving and stdin is None)):
            return []
        if self._out_of_time():
            return []
        wanted = []
        events = (POLLIN if self._receiving else 0) | (POLLOUT if self._pending else 0)
        if events:  # without events, poll(2) would report POLLHUP again and again
            wanted.append((self._descriptor, events))
        if stdin is not None and not self._pending and not over:
            wanted.append((stdin, POLLIN))
        return wanted

    def _out_of_time(self) -> bool:
        after = self._options.close_after
        return after is not None and self._netcat.clock() - self._opened >= after

    def _patience(self) -> tuple[float | None, str]:
        """How long to wait, and what it means when nothing happened by then."""
        idle = self._options.timeout
        after = self._options.close_after
        if after is not None:
            left = max(0.0, after - (self._netcat.clock() - self._opened))
            if idle is None or left <= idle:
                return left, f"closing after {after:g} s, as asked"
        return idle, f"nothing happened for {idle:g} s" if idle is not None else ""

    def _serve_socket(self, events: int) -> None:
        if events & POLLOUT and self._pending:
            with contextlib.suppress(BlockingIOError):
                taken = self._calls.write(self._descriptor, self._pending)
                self._pending = self._pending[taken:]
            if not self._pending:
                self._end_of_output()
        if events & (POLLIN | POLLERR | POLLHUP) and self._receiving:
            self._receive()
        elif events & POLLERR and not events & POLLOUT:
            number = self._calls.socket_error(self._sock)
            raise OSError(number, os.strerror(number))

    def _receive(self) -> None:
        size = CHUNK
        if self._options.unread:
            size = self._calls.unread_bytes(self._sock) - self._options.unread
            if size <= 0:  # SO_RCVLOWAT let poll return: it is the end that arrived
                self._end_of_file()
                return
        try:
            data = self._calls.read(self._descriptor, min(size, CHUNK))
        except BlockingIOError:
            return
        if not data and not self._options.udp:
            self._end_of_file()
        self._write_output(data)

    def _write_output(self, data: bytes) -> None:
        try:
            while data:
                data = data[self._calls.write(self._netcat.stdout, data) :]
        except OSError as error:
            reason = f"standard output: {error.strerror}"
            raise OSError(error.errno, reason) from error

    def _end_of_file(self) -> None:
        self._receiving = False
        if self._options.verbose:
            goes_on = ", ignored" if self._options.ignore_eof else ""
            self._netcat.say(f"end of file from the peer{goes_on}")

    def _read_input(self, stdin: int) -> None:
        self._pending = self._calls.read(stdin, CHUNK)
        if not self._pending:
            self._netcat.stdin = None
            self._end_of_output()
        elif not self._writing:
            self._pending = b""

    def _end_of_output(self) -> None:
        """Send a FIN, if asked to, once standard input ended and all was written."""
        if self._netcat.stdin is None and self._options.half_close and self._writing:
            self._writing = False
            if not self._options.udp:
                self._calls.shutdown(self._sock, socket.SHUT_WR)
