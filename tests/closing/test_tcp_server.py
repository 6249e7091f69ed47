"""serve: a task a connection, and a stop that loses none."""

import asyncio
import contextlib
import socket
import sys

import pytest

from lastack.closing import Accepted, Server, serve

from .conftest import Run


async def echo_lines(connection: Accepted) -> None:
    """Answers a line with itself; between lines a stop ends it."""
    line = await connection.reader.readline()
    while line:
        await asyncio.sleep(0.05)
        connection.writer.write(line)
        await connection.writer.drain()
        line = await connection.unless_stopping(connection.reader.readline()) or b""


async def ask(server: Server, line: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(*server.address[:2])
    writer.write(line)
    answer = await reader.read()
    writer.close()
    return answer


def test_stop_lets_requests_finish(run: Run) -> None:
    """Requests under way are answered, idle connections end in order."""

    async def main() -> None:
        server = await serve(echo_lines)
        address = server.address
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"one\n")
        assert await reader.readline() == b"one\n"
        asking = [asyncio.create_task(ask(server, b"x\n")) for _ in range(20)]
        await asyncio.sleep(0.02)
        stopping = asyncio.create_task(server.stop(settle=0.1))
        assert await reader.read() == b""
        writer.close()
        assert await asyncio.gather(*asking) == [b"x\n"] * 20
        assert await stopping == 0
        assert len(server) == 0
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*address)

    run(main())


def connect_many(address: tuple[str, int], count: int) -> list[socket.socket]:
    """Clients that are connected and have sent their request, as far as they know."""
    found = []
    for _ in range(count):
        sock = socket.create_connection(address, timeout=5)
        sock.sendall(b"queued\n")
        found.append(sock)
    return found


def answers(clients: list[socket.socket]) -> list[bytes]:
    found = []
    for sock in clients:
        with sock, contextlib.suppress(ConnectionError):
            found.append(sock.makefile("rb").read())
    return found


def test_stop_loses_none_in_the_accept_queue(run: Run) -> None:
    """100 clients wait in the queue of a full server; all get their answer."""

    async def main() -> None:
        server = await serve(echo_lines, most=1)
        clients = await asyncio.to_thread(connect_many, server.address, 100)
        assert server.accepted <= 2
        cut, got = await asyncio.gather(
            server.stop(settle=0.05), asyncio.to_thread(answers, clients)
        )
        assert cut == 0
        assert got == [b"queued\n"] * 100

    run(main())


def test_asyncio_s_own_server_resets_them() -> None:
    """The failure: a listener closed with its queue full resets the queue."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        clients = connect_many(listener.getsockname(), 20)
    assert answers(clients) == []


@pytest.mark.skipif(sys.platform != "linux", reason="a socket filter of Linux")
def test_while_stopping_new_ones_are_not_answered(run: Run) -> None:
    """Their SYN is dropped, so that their host tries again; not accepted, not reset."""

    async def main() -> None:
        server = await serve(echo_lines)
        address = server.address
        stopping = asyncio.create_task(server.stop(settle=0.3))
        await asyncio.sleep(0.05)
        with socket.socket() as sock:
            sock.setblocking(False)
            loop = asyncio.get_running_loop()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.15):
                    await loop.sock_connect(sock, address)
            assert server.accepted == 0
        await stopping

    run(main())


def test_stop_cuts_what_is_late(run: Run) -> None:
    """A handler that does not end is cancelled after `timeout`, and counted."""

    async def stuck(connection: Accepted) -> None:
        await asyncio.sleep(3600)

    async def main() -> None:
        server = await serve(stuck)
        reader, writer = await asyncio.open_connection(*server.address)
        await asyncio.sleep(0.05)
        assert await server.stop(0.05, settle=0.0) == 1
        assert await reader.read() == b""
        writer.close()

    run(main())


def test_a_failing_handler_is_reported_and_alone(run: Run) -> None:
    """Its exception goes to the loop's handler; the server goes on."""
    reported: list[object] = []

    async def fails(connection: Accepted) -> None:
        raise ValueError("bug")

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: reported.append(context["exception"])
        )
        async with await serve(fails) as server:
            for _ in range(2):
                with contextlib.suppress(ConnectionError):
                    assert await ask(server, b"x\n") == b""
        assert [type(error) for error in reported] == [ValueError] * 2

    run(main())


def test_unread_request_does_not_reset_the_answer(run: Run) -> None:
    """A handler that answers without reading: the server drains, the answer arrives."""

    async def refuse(connection: Accepted) -> None:
        connection.writer.write(b"413")

    async def main() -> None:
        async with await serve(refuse) as server:
            assert await ask(server, b"x" * 500_000) == b"413"

    run(main())
