"""What a handler sees of one client of a datagram server (asyncio)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from lastack.closing.sessions import BoundedQueue

Address = Any
"""As `socket.recvfrom` returns it: a tuple for IPv4 and IPv6."""


class Session:
    """One client: its datagrams in, answers out.

    `receive()` gives this client's datagrams and no one else's; the session ends
    when the client was silent for too long, the handler returns, or the server
    closes.
    """

    def __init__(
        self, address: Address, queue: int, send: Callable[[bytes], None]
    ) -> None:
        self.address = address
        self.dropped = 0
        """Datagrams thrown away because the handler was too far behind."""
        self._queue = BoundedQueue(queue)
        self._send = send
        self._ended = False
        self._waiter: asyncio.Future[None] | None = None

    async def receive(self) -> bytes | None:
        """The next datagram; None when the session is over."""
        while not len(self._queue):
            if self._ended:
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._queue.get()

    def send(self, data: bytes) -> None:
        """Send a datagram to this client; may be lost, as all datagrams may.

        Never waits: when the socket's buffer is full the datagram is dropped.
        """
        self._send(data)

    def deliver(self, data: bytes) -> bool:
        """A datagram of this client came; whether there was room (server's call)."""
        if self._ended or not self._queue.put(data):
            self.dropped += 1
            return False
        self._wake()
        return True

    def end(self) -> None:
        """Nothing more comes (server's call); what is queued can be received."""
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


Handler = Callable[[Session], Awaitable[None]]
"""`async def handler(session)`, one call and one task a session."""
