"""A TCP server: a task for each connection, and a stop that loses none.

Closing a listening socket resets every connection in its accept queue: clients
which were told "connected" and may have sent their request (Linux
`inet_csk_listen_stop`). A stop must first keep new ones out, then accept what is
there, then close.
"""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

from lastack.closing.final_bytes import FinalReaderProtocol
from lastack.closing.graceful_asyncio import aclose_gracefully
from lastack.closing.listener import keep_new_ones_out

T = TypeVar("T")

_PAUSE_AFTER_ERROR = 0.1


class Accepted:
    """One connection of a `Server`, given to the handler."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        stopping: asyncio.Event,
    ) -> None:
        self.reader = reader
        self.writer = writer
        self._stopping = stopping

    @property
    def stopping(self) -> bool:
        """Whether the server is stopping: finish this request, take no other."""
        return self._stopping.is_set()

    async def unless_stopping(self, waiting: Awaitable[T]) -> T | None:
        """The result of `waiting`, or None if the server stops before it is there.

        For the wait between two requests: `await c.unless_stopping(
        c.reader.readline())`. A request which has arrived is not lost to it: a
        result that is there counts more than the stop.
        """
        task = asyncio.ensure_future(waiting)
        stop = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                # What the kernel holds already has one turn to arrive.
                await asyncio.wait({task}, timeout=0.01)
            return task.result() if task.done() else None
        finally:
            stop.cancel()
            if not task.done():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


Handler = Callable[[Accepted], Awaitable[None]]


class Server:
    """See `serve`."""

    def __init__(
        self, handler: Handler, listener: socket.socket, most: int, close_timeout: float
    ) -> None:
        self._handler = handler
        self._listener = listener
        self._close_timeout = close_timeout
        self._most = most
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = asyncio.Event()
        self._accepting = False
        self.accepted = 0
        self._accept_again()

    @property
    def address(self) -> Any:
        """Where it listens, as `getsockname()` says."""
        return self._listener.getsockname()

    def __len__(self) -> int:
        """Connections now."""
        return len(self._tasks)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self, timeout: float = 30.0, *, settle: float = 0.5) -> int:  # noqa: ASYNC109
        """Stop and lose nobody; the number of connections that had to be cut.

        Keeps new SYNs out (Linux; they are not answered, and the clients' hosts
        try again after a second: another server may have the port by then),
        accepts for `settle` seconds what is queued or in its handshake, closes
        the listener, lets the handlers finish, and cancels them after `timeout`
        seconds. Elsewhere a connection made between the last accept() and
        close() is reset.
        """
        if self._closed.is_set():
            return 0
        keep_new_ones_out(self._listener)
        self._stopping.set()
        await asyncio.sleep(settle)
        self._pause_accepting()
        # However full the server is: what is in the queue now must come out.
        self._accept(most=1 << 31)
        self._listener.close()
        late: set[asyncio.Task[None]] = set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=timeout)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        self._closed.set()
        return len(late)

    async def closed(self) -> None:
        """Wait until another task has called `stop()`, and it is over."""
        await self._closed.wait()

    # accept() in a callback and not loop.sock_accept() in a task: a task that is
    # cancelled between the two would drop the connection which it was given.

    def _accept_again(self) -> None:
        if not self._accepting and not self._listener_closed():
            self._accepting = True
            asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def _pause_accepting(self) -> None:
        if self._accepting:
            self._accepting = False
            asyncio.get_running_loop().remove_reader(self._listener)

    def _listener_closed(self) -> bool:
        return self._listener.fileno() < 0

    def _accept(self, most: int | None = None) -> None:
        """Accept what is in the queue, while there is room."""
        most = self._most if most is None else most
        while len(self._tasks) < most:
            try:
                sock, _ = self._listener.accept()
            except BlockingIOError:
                return
            except ConnectionAbortedError:
                continue  # reset while it waited; the next one is not
            except OSError:  # EMFILE: it waits in the queue, unharmed
                self._pause_accepting()
                asyncio.get_running_loop().call_later(
                    _PAUSE_AFTER_ERROR, self._accept_again
                )
                return
            self.accepted += 1
            task = asyncio.create_task(self._connection(sock))
            self._tasks.add(task)
            task.add_done_callback(self._over)
        self._pause_accepting()

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._accept_again()

    async def _connection(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        sock.setblocking(False)
        reader = asyncio.StreamReader(loop=loop)
        protocol = FinalReaderProtocol(reader)
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, sock)
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        try:
            await self._handler(Accepted(reader, writer, self._stopping))
        except Exception as error:
            if not isinstance(error, ConnectionError):
                loop.call_exception_handler(
                    {"message": "a connection's handler failed", "exception": error}
                )
            writer.transport.abort()
        except asyncio.CancelledError:
            writer.transport.abort()
            raise
        else:
            if not transport.is_closing():
                await aclose_gracefully(reader, writer, self._close_timeout)


async def serve(
    handler: Handler,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    backlog: int = 1024,
    most: int = 10_000,
    close_timeout: float = 5.0,
    reuse_port: bool = False,
) -> Server:
    """Listen, and run `handler(accepted)` in a task for each connection.

    When the handler returns, the connection is closed gracefully
    (`aclose_gracefully`, at most `close_timeout` seconds); when it raises, it is
    cut. With `most` connections nothing more is accepted: others wait in the
    kernel's queue of `backlog`. `await server.stop()` loses none of them.

    Raises:
        OSError: the address is in use, or not this host's.
    """
    listener = socket.create_server(
        (host, port),
        family=socket.AF_INET6 if ":" in host else socket.AF_INET,
        backlog=backlog,
        reuse_port=reuse_port,
    )
    listener.setblocking(False)
    return Server(handler, listener, most, close_timeout)
