"""`close_gracefully` and `lingering_close` for asyncio's streams and transports."""

import asyncio
import errno
from typing import Any

from lastack.closing.drain import Closed, Drain
from lastack.closing.endpoint import socket_of
from lastack.closing.graceful import READ_SIZE, unacknowledged_bytes


async def aclose_gracefully(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    timeout: float = 5.0,  # noqa: ASYNC109 - a limit of the protocol, not of the call
    *,
    limit: int = 1 << 20,
) -> Closed:
    """Send what is buffered, then FIN, read until the peer's FIN, close.

    As `close_gracefully`. `writer.close()` alone closes the socket as soon as
    its buffer is empty: with data unread that is an RST. When `timeout` ends
    with data still in the writer's buffer, that data is lost.

    Raises:
        TypeError: a TLS stream (asyncio cannot half-close TLS): `writer.close()`.
        ValueError: a limit is negative.
    """
    drain = Drain(_now(), timeout, limit)
    return await _close_stream(reader, writer, b"", drain)


async def alingering_close(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    answer: bytes = b"",
    *,
    timeout: float = 30.0,  # noqa: ASYNC109
    idle: float = 5.0,
    limit: int = 1 << 30,
) -> Closed:
    """Send a last answer to a peer which is still sending, so that it arrives.

    As `lingering_close`.

    Raises:
        TypeError: a TLS stream.
        ValueError: a limit is negative.
    """
    drain = Drain(_now(), timeout, limit, idle)
    return await _close_stream(reader, writer, answer, drain)


async def aclose_transport(
    transport: asyncio.Transport,
    timeout: float = 5.0,  # noqa: ASYNC109
    *,
    limit: int = 1 << 20,
    idle: float | None = None,
    peer_ended: bool = False,
) -> Closed:
    """As `aclose_gracefully`, for a bare transport.

    Takes the transport from its protocol, which hears nothing more, not even
    `connection_lost`. Pass `peer_ended=True` if the protocol was told
    `eof_received`: asyncio says it only once.

    Raises:
        TypeError: a TLS transport.
        ValueError: a limit is negative.
    """
    _refuse_tls(transport)
    drain = Drain(_now(), timeout, limit, idle)
    protocol = _DrainProtocol(drain)
    transport.set_protocol(protocol)
    if peer_ended:
        protocol.eof_received()
    if transport.is_closing():
        drain.failed(OSError(errno.ENOTCONN, "the transport is closed already"))
        return drain.result(None)
    if not protocol.ended.is_set():
        transport.write_eof()
        transport.resume_reading()
    while not protocol.ended.is_set():
        try:
            async with asyncio.timeout(drain.seconds_left(_now())):
                await protocol.ended.wait()
        except TimeoutError:
            if not drain.waited(_now()):
                break
        except asyncio.CancelledError:
            transport.abort()
            raise
    result = drain.result(_unacknowledged(transport))
    _let_go(transport, in_order=result.in_order)
    return result


class _DrainProtocol(asyncio.Protocol):
    """Counts what comes in and throws it away."""

    def __init__(self, drain: Drain) -> None:
        self.drain = drain
        self.ended = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        if not self.ended.is_set() and not self.drain.read(len(data), _now()):
            self.ended.set()

    def eof_received(self) -> bool:
        if not self.ended.is_set():
            self.drain.read(0, _now())
            self.ended.set()
        return True

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.is_set():
            self.drain.failed(_as_oserror(error))
            self.ended.set()


async def _close_stream(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    answer: bytes,
    drain: Drain,
) -> Closed:
    _refuse_tls(writer.transport)
    try:
        if answer:
            writer.write(answer)
        # Sent after the buffer is empty; nothing here waits for that, so that a
        # peer which reads only after it has sent everything cannot block us.
        writer.write_eof()
        await _read_to_the_end(reader, drain)
    except OSError as error:
        drain.failed(error)
    except RuntimeError as error:  # uvloop: "the handler is closed"
        drain.failed(_as_oserror(error))
    except asyncio.CancelledError:
        writer.transport.abort()
        raise
    result = drain.result(_unacknowledged(writer))
    _let_go(writer.transport, in_order=result.in_order)
    try:
        async with asyncio.timeout(1.0):
            await writer.wait_closed()
    except (OSError, TimeoutError):
        pass  # the result has told it
    return result


async def _read_to_the_end(reader: asyncio.StreamReader, drain: Drain) -> None:
    while True:
        try:
            async with asyncio.timeout(drain.seconds_left(_now())):
                data = await reader.read(READ_SIZE)
        except TimeoutError:
            if not drain.waited(_now()):
                return
            continue
        if not drain.read(len(data), _now()):
            return


def _let_go(transport: asyncio.WriteTransport, *, in_order: bool) -> None:
    # A limit was met: close() would wait for ever for a buffer that the peer
    # does not take. asyncio's abort() drops the buffer and closes.
    if in_order:
        transport.close()
    else:
        transport.abort()


def _refuse_tls(transport: asyncio.BaseTransport) -> None:
    if transport.get_extra_info("ssl_object") is not None:
        raise TypeError(
            "a TLS connection, which asyncio cannot half-close:"
            " read to the end, then close()"
        )


def _unacknowledged(endpoint: Any) -> int | None:
    try:
        with socket_of(endpoint) as sock:
            return unacknowledged_bytes(sock)
    except (OSError, TypeError):
        return None


def _as_oserror(error: Exception | None) -> OSError:
    if isinstance(error, OSError):
        return error
    return ConnectionResetError(f"connection lost: {error}")


def _now() -> float:
    return asyncio.get_running_loop().time()
