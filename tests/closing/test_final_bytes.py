"""read_final: the bytes before a reset."""

import asyncio
import contextlib
import socket
import time

import pytest

from lastack.closing import abort, open_connection, read_final

from .conftest import Run
from .namespaces import Pair


def test_asyncio_itself_loses_them(pair: Pair, run: Run) -> None:
    """The failure: read() raises, the answer of 16 bytes is not given out."""

    async def main() -> None:
        reader, _ = await asyncio.open_connection(sock=pair.client)
        pair.server.sendall(b"HTTP/1.1 413 \r\n\r\n")
        abort(pair.server)
        await asyncio.sleep(0.05)
        with pytest.raises(ConnectionResetError):
            await reader.read(100)

    run(main())


def test_read_final_gives_them_out(pair: Pair, run: Run) -> None:
    """The same answer, and the error beside it."""

    async def main() -> None:
        reader, _ = await asyncio.open_connection(sock=pair.client)
        pair.server.sendall(b"HTTP/1.1 413 \r\n\r\n")
        abort(pair.server)
        await asyncio.sleep(0.05)
        final = await read_final(reader)
        assert final.data == b"HTTP/1.1 413 \r\n\r\n"
        assert isinstance(final.error, ConnectionResetError)
        assert reader.exception() is final.error
        assert (await read_final(reader)).data == b""

    run(main())


def test_while_the_connection_lives(pair: Pair, run: Run) -> None:
    """It waits for the end: bytes before and after the call, then the reset."""

    async def main() -> None:
        reader, _ = await asyncio.open_connection(sock=pair.client)
        pair.server.sendall(b"before ")
        waiting = asyncio.create_task(read_final(reader))
        await asyncio.sleep(0.05)
        pair.server.sendall(b"after")
        abort(pair.server)
        final = await waiting
        assert final.data == b"before after"
        assert isinstance(final.error, ConnectionResetError)

    run(main())


def test_an_end_in_order(pair: Pair, run: Run) -> None:
    """End of file is an end without error."""

    async def main() -> None:
        reader, writer = await asyncio.open_connection(sock=pair.client)
        pair.server.sendall(b"all")
        pair.server.close()
        final = await read_final(reader)
        assert (final.data, final.error) == (b"all", None)
        writer.close()

    run(main())


def test_the_limit(pair: Pair, run: Run) -> None:
    """`limit` bytes at a time, nothing lost between the calls."""

    async def main() -> None:
        reader, _ = await asyncio.open_connection(sock=pair.client)
        pair.server.sendall(b"0123456789")
        abort(pair.server)
        await asyncio.sleep(0.05)
        pieces = [(await read_final(reader, 4)).data for _ in range(4)]
        assert pieces == [b"0123", b"4567", b"89", b""]

    run(main())


@pytest.mark.parametrize("write_first", [False, True])
def test_more_than_the_reader_s_limit(run: Run, write_first: bool) -> None:
    """A reader that has paused its transport, and one that would, on a closed one."""

    async def main() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = listener.getsockname()
            reader, writer = await open_connection(*address, limit=1000)
            server, _ = listener.accept()
            server.sendall(b"a" * 60_000)
            abort(server)
            if write_first:
                time.sleep(0.05)  # noqa: ASYNC251 - the loop must not see it yet
                writer.write(b"more")
            await asyncio.sleep(0.05)
            final = await read_final(reader)
            assert len(final.data) == 60_000
            assert isinstance(final.error, ConnectionError)

    run(main())


@pytest.mark.parametrize("size", [20, 60_000])
def test_a_write_meets_the_reset_first(run: Run, size: int) -> None:
    """Answer and RST are in the kernel when the program writes: open_connection
    keeps all of the answer, asyncio.open_connection loses some."""  # noqa: D205,D209

    async def answer_after_a_failed_write(opened_by: object) -> int:
        assert callable(opened_by)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            reader, writer = await opened_by(*listener.getsockname())
            server, _ = listener.accept()
            server.sendall(b"a" * size)
            abort(server)
            time.sleep(0.05)  # noqa: ASYNC251 - the loop must not see it yet
            with contextlib.suppress(ConnectionError, RuntimeError):
                for _ in range(3):
                    writer.write(b"more")
                    await writer.drain()
            await asyncio.sleep(0.05)
            final = await read_final(reader)
            writer.close()
            return len(final.data)

    async def main() -> None:
        assert await answer_after_a_failed_write(open_connection) == size
        assert await answer_after_a_failed_write(asyncio.open_connection) < size

    run(main())


def test_close_is_not_delayed(run: Run) -> None:
    """open_connection's second descriptor (uvloop) does not hold back the FIN."""

    async def main() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            _, writer = await open_connection(*listener.getsockname())
            server, _ = listener.accept()
            with server:
                server.settimeout(2)
                writer.close()
                await writer.wait_closed()
                assert await asyncio.to_thread(server.recv, 1) == b""

    run(main())


def test_a_second_reader_is_an_error_of_the_program(pair: Pair, run: Run) -> None:
    """RuntimeError of asyncio is passed on, not taken for the connection's."""

    async def main() -> None:
        reader, writer = await asyncio.open_connection(sock=pair.client)
        other = asyncio.create_task(reader.read(1))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError):
            await read_final(reader)
        other.cancel()
        writer.close()

    run(main())
