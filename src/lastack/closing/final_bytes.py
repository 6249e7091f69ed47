"""The last bytes before a reset, which asyncio throws away.

A server which answers and then resets (413 with the body unread) has sent its
answer. Linux gives it to a plain socket: recv() returns the data first and fails
after. `StreamReader.read()` raises at once and keeps the bytes to itself
(python/cpython#75044); and when a *write* meets the error first, asyncio closes
the socket with the bytes still in the kernel.
"""

import asyncio
import socket
from dataclasses import dataclass
from typing import Any

READ_SIZE = 65536


@dataclass(frozen=True, slots=True)
class Final:
    """What a connection brought until its end."""

    data: bytes
    error: Exception | None
    """What ended it: None is end of file, in order; else mostly ECONNRESET."""


async def read_final(reader: asyncio.StreamReader, limit: int = 1 << 20) -> Final:
    """Read until the end, and return what came before it, however it ended.

    Reads on to end of file or to the error if the connection still lives. The
    bytes already received are returned also when `reader.read()` would raise.
    At most `limit` bytes are returned; call again for more.

    Uses only public methods of StreamReader; CPython 3.11 to 3.14, uvloop too.
    Bytes which asyncio left in the kernel when a write failed are lost, unless
    the connection was opened by `open_connection` of this module.

    Raises:
        ValueError: `limit` is not positive.
    """
    if limit <= 0:
        raise ValueError(f"limit must be 1 byte or more, not {limit}")
    chunks: list[bytes] = []
    room = limit
    error = reader.exception()
    while error is None and room > 0:
        try:
            chunk = await reader.read(min(room, READ_SIZE))
        except Exception as failure:
            error = reader.exception()
            if error is None:
                raise  # not the connection's: another task reads here, say
            error = failure
            break
        if not chunk:
            return Final(b"".join(chunks), None)
        chunks.append(chunk)
        room -= len(chunk)
    if error is not None and room > 0:
        chunks.append(await _buffered(reader, room))
    return Final(b"".join(chunks), error)


async def _buffered(reader: asyncio.StreamReader, size: int) -> bytes:
    """The bytes which the reader holds back; its exception stays as it was."""
    error = reader.exception()
    assert error is not None
    # Without exception and after end of file, read() returns what is buffered
    # and never waits. The reader has no other public way to its buffer.
    reader.set_exception(None)  # type: ignore[arg-type]
    reader.feed_eof()
    try:
        chunks = []
        while size > 0 and (chunk := await reader.read(size)):
            chunks.append(chunk)
            size -= len(chunk)
        return b"".join(chunks)
    finally:
        reader.set_exception(error)


class FinalReaderProtocol(asyncio.StreamReaderProtocol):
    """A StreamReaderProtocol which empties the kernel's queue when a write fails.

    asyncio's selector loops tell `connection_lost` before they close the socket,
    so it can still be read then. Other loops (uvloop, Windows' proactor) close
    first: for them a second descriptor is held, one more a connection.
    """

    def __init__(self, reader: asyncio.StreamReader, *args: Any) -> None:
        super().__init__(reader, *args)
        self._final_reader = reader
        self._second: socket.socket | None = None
        self._transport_to_read: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio's call: the connection is open."""
        self._transport_to_read = transport
        if not isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop):
            self._second = _second_descriptor(transport)
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio's call: the connection is closed; `exc` says if by an error."""
        second, self._second = self._second, None
        if exc is not None and second is None:
            assert self._transport_to_read is not None
            second = _second_descriptor(self._transport_to_read)
        if second is not None:
            with second:
                if exc is not None:
                    _feed_rest(second, self._final_reader)
        self._transport_to_read = None
        super().connection_lost(exc)


def _second_descriptor(transport: asyncio.BaseTransport) -> socket.socket | None:
    stand_in = transport.get_extra_info("socket")
    if stand_in is None or stand_in.fileno() < 0:
        return None
    if transport.get_extra_info("ssl_object") is not None:
        return None  # the kernel's bytes are TLS records
    second = socket.fromfd(
        stand_in.fileno(), stand_in.family, stand_in.type, stand_in.proto
    )
    second.setblocking(False)
    return second


def _feed_rest(sock: socket.socket, reader: asyncio.StreamReader) -> None:
    """Feed what the kernel holds; the receive buffer's size bounds it."""
    while True:
        try:
            data = sock.recv(READ_SIZE)
        except OSError:
            return
        if not data:
            return
        reader.feed_data(data)


async def open_connection(
    host: str, port: int, *, limit: int = 1 << 16, **options: Any
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """As `asyncio.open_connection`, losing no byte that reached this host.

    `options` are those of `loop.create_connection`.
    """
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=limit, loop=loop)
    protocol = FinalReaderProtocol(reader)
    transport, _ = await loop.create_connection(lambda: protocol, host, port, **options)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)
