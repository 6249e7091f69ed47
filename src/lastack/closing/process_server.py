"""A TCP server with a process for each connection: for blocking handlers.

The oldest design: accept, fork, serve, exit. A handler that crashes, leaks or
blocks harms its own connection only.
"""

import contextlib
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from lastack.closing.graceful import close_gracefully
from lastack.closing.listener import keep_new_ones_out

_POLL = 0.05
"""Seconds between two looks for children that have ended."""


class ProcessServer:
    """See `serve_processes`."""

    def __init__(
        self,
        handler: Callable[[socket.socket], None],
        listener: socket.socket,
        most: int,
        close_timeout: float,
    ) -> None:
        self._handler = handler
        self._listener = listener
        self._most = most
        self._close_timeout = close_timeout
        self._children: set[int] = set()
        self._stopping = False
        self.accepted = 0

    @property
    def address(self) -> Any:
        """Where it listens, as `getsockname()` says."""
        return self._listener.getsockname()

    def request_stop(self, *_: object) -> None:
        """Make `run` end; may be called by a signal handler or another thread."""
        self._stopping = True

    def run(self, timeout: float = 30.0, *, settle: float = 0.5) -> int:
        """Serve until `request_stop`; then stop and lose nobody.

        As `Server.stop`: new SYNs are kept out (Linux), what is queued is
        accepted for `settle` seconds, children may finish for `timeout` seconds
        and are then killed. The number that were killed.
        """
        with self._listener, selectors.DefaultSelector() as selector:
            self._listener.setblocking(False)
            selector.register(self._listener, selectors.EVENT_READ)
            while not self._stopping:
                if len(self._children) < self._most:
                    if selector.select(_POLL):
                        self._accept(self._most)
                else:
                    time.sleep(_POLL)
                self._reap()
            keep_new_ones_out(self._listener)
            until = time.monotonic() + settle
            while time.monotonic() < until:
                if selector.select(_POLL):
                    self._accept(1 << 31)
                self._reap()
            self._accept(1 << 31)
        until = time.monotonic() + timeout
        while self._children and time.monotonic() < until:
            time.sleep(_POLL)
            self._reap()
        late = len(self._children)
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        while self._children:
            self._reap(wait=True)
        return late

    def _accept(self, most: int) -> None:
        while len(self._children) < most:
            try:
                sock, _ = self._listener.accept()
            except BlockingIOError:
                return
            except ConnectionAbortedError:
                continue
            except OSError:  # EMFILE: it waits in the queue
                time.sleep(_POLL)
                return
            self.accepted += 1
            with sock:
                child = os.fork()
                if child == 0:
                    self._serve(sock)
                self._children.add(child)

    def _serve(self, sock: socket.socket) -> None:
        """The child: it never returns."""
        status = 1
        try:
            self._listener.close()
            sock.setblocking(True)
            self._handler(sock)
            if sock.fileno() >= 0:
                close_gracefully(sock, self._close_timeout)
            status = 0
        except Exception:
            sys.excepthook(*sys.exc_info())
        finally:
            # Not sys.exit: the parent's `finally` and atexit are not the child's.
            os._exit(status)

    def _reap(self, *, wait: bool = False) -> None:
        for child in list(self._children):
            done, _ = os.waitpid(child, 0 if wait else os.WNOHANG)
            if done:
                self._children.discard(child)


def serve_processes(
    handler: Callable[[socket.socket], None],
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    backlog: int = 1024,
    most: int = 100,
    close_timeout: float = 5.0,
) -> ProcessServer:
    """Listen; `run()` then calls `handler(sock)` in a process for each connection.

    When the handler returns, its socket is closed gracefully; when it raises, the
    traceback goes to stderr and the process ends with status 1. With `most`
    processes others wait in the kernel's queue of `backlog`.

    Raises:
        OSError: the address is in use or not this host's; no fork on this system.
    """
    if not hasattr(os, "fork"):
        raise OSError(f"{sys.platform} cannot fork: use serve()")
    listener = socket.create_server(
        (host, port),
        family=socket.AF_INET6 if ":" in host else socket.AF_INET,
        backlog=backlog,
    )
    return ProcessServer(handler, listener, most, close_timeout)
