"""A UDP server on one socket, which hands each client's datagrams to its session.

UDP has no connection, so a server must tell its clients apart by the address of
every datagram. Here one dispatcher does; a handler is written as if it had its
client alone. `ConnectedDatagramServer` is the other design.
"""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Any, Self

from lastack.closing.datagram_session import Address, Handler, Session
from lastack.closing.sessions import Counters, Limits, Sessions

Send = Callable[[bytes], object]

_MOST_AT_ONCE = 256
"""Datagrams read in one turn of the loop: others get their turn too."""


class DatagramServer:
    """One socket, one dispatcher, one session and task for each client address.

    ```
    async with DatagramServer(handler, "127.0.0.1", 9999) as server:
        await server.closed()
    ```

    Memory is bounded by `Limits`; what does not fit is dropped and counted.
    """

    def __init__(
        self, handler: Handler, host: str, port: int, limits: Limits | None = None
    ) -> None:
        self._handler = handler
        self._where = (host, port)
        self._limits = limits or Limits()
        self._sessions: Sessions[Session] = Sessions(self._limits, self._open)
        self._tasks: set[asyncio.Task[None]] = set()
        self._expiring: asyncio.Task[None] | None = None
        self._closing = False
        self._closed = asyncio.Event()
        self._socket: socket.socket | None = None

    @property
    def address(self) -> Any:
        """Where it listens, as `getsockname()` says."""
        return self._listening().getsockname()

    @property
    def counters(self) -> Counters:
        """What became of the datagrams so far."""
        return self._sessions.counters

    def __len__(self) -> int:
        """Sessions now."""
        return len(self._sessions)

    async def __aenter__(self) -> Self:
        host, port = self._where
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(
            host, port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setblocking(False)
            self._prepare(sock)
            sock.bind(address)
        except BaseException:
            sock.close()
            raise
        self._socket = sock
        loop.add_reader(sock, self._readable, sock)
        self._expiring = asyncio.create_task(self._expire())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """End all sessions, wait for their handlers, then cancel the rest."""
        if self._socket is None or self._closing:
            return
        self._closing = True
        asyncio.get_running_loop().remove_reader(self._socket)
        assert self._expiring is not None
        self._expiring.cancel()
        for session in self._sessions.clear():
            session.end()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=timeout)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        self._socket.close()
        self._socket = None
        self._closed.set()

    async def closed(self) -> None:
        """Wait until another task has called `close()`."""
        await self._closed.wait()

    # --- for ConnectedDatagramServer ---------------------------------------------

    def _prepare(self, sock: socket.socket) -> None:
        """Options before bind()."""

    def _reach(self, address: Address) -> tuple[Send, Callable[[], None]]:
        """How to send to a client, and what to do once its session is over."""
        sock = self._listening()
        return lambda data: sock.sendto(data, address), _nothing

    # --- the dispatcher ----------------------------------------------------------

    def _listening(self) -> socket.socket:
        if self._socket is None:
            raise RuntimeError("the server is not open: use `async with`")
        return self._socket

    def _readable(self, sock: socket.socket) -> None:
        now = asyncio.get_running_loop().time()
        for _ in range(_MOST_AT_ONCE):
            try:
                data, address = sock.recvfrom(65535)
            except BlockingIOError:
                return
            except OSError:
                continue  # ICMP said that an earlier answer found nobody
            self._dispatch(data, address, now)

    def _dispatch(self, data: bytes, address: Address, now: float) -> None:
        if self._closing:
            return
        try:
            session = self._sessions.heard(address, now)
        except OSError:  # no descriptor left for a new client's socket
            self.counters.dropped_sessions += 1
            return
        if session is not None and not session.deliver(data):
            self.counters.dropped_queue += 1

    def _open(self, address: Address) -> Session:
        send, release = self._reach(address)

        def send_or_drop(data: bytes) -> None:
            # Full buffer, or ICMP's word on an earlier datagram: this one is lost.
            with contextlib.suppress(OSError):
                send(data)

        session = Session(address, self._limits.queue, send_or_drop)
        task = asyncio.create_task(self._serve(session, release))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return session

    async def _serve(self, session: Session, release: Callable[[], None]) -> None:
        try:
            await self._handler(session)
        except Exception as error:
            asyncio.get_running_loop().call_exception_handler(
                {"message": f"handler of {session.address} failed", "exception": error}
            )
        finally:
            session.end()
            self._sessions.remove(session.address, session)
            release()

    async def _expire(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            deadline = self._sessions.deadline()
            # A new session cannot expire earlier than a whole idle time from now.
            longest = loop.time() + self._limits.idle
            await asyncio.sleep((deadline or longest) - loop.time())
            for session in self._sessions.expire(loop.time()):
                session.end()


def _nothing() -> None:
    """The one socket outlives every session."""
