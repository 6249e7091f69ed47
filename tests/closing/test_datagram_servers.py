"""Both datagram servers: right session, bounded memory, expiry."""

import asyncio
import random
import socket
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.closing import ConnectedDatagramServer, DatagramServer, Limits, Session
from lastack.closing.sessions import BoundedQueue, Sessions

from .conftest import Run

BOTH = pytest.mark.parametrize("design", [DatagramServer, ConnectedDatagramServer])
Design = type[DatagramServer]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts on Linux")


async def count_own(session: Session) -> None:
    """Answers each datagram with its number in this session, and itself."""
    number = 0
    while (data := await session.receive()) is not None:
        number += 1
        session.send(b"%d " % number + data)


def client_of(server: DatagramServer) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.connect(server.address)
    return sock


async def ask(sock: socket.socket, data: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    sock.send(data)
    async with asyncio.timeout(5):
        return await loop.sock_recv(sock, 100)


@BOTH
def test_each_client_has_its_own_session(run: Run, design: Design) -> None:
    """200 clients in random order, 5 datagrams each: each counts its own."""

    async def main() -> None:
        async with design(count_own, "127.0.0.1", 0) as server:
            clients = [client_of(server) for _ in range(200)]
            turns = [index for index in range(200) for _ in range(5)]
            random.Random(1).shuffle(turns)
            seen = [0] * 200
            for index in turns:
                seen[index] += 1
                answer = await ask(clients[index], b"from %d" % index)
                assert answer == b"%d from %d" % (seen[index], index)
            assert len(server) == 200
            assert server.counters.received == 1000
            for sock in clients:
                sock.close()
        assert len(server) == 0

    run(main())


@BOTH
def test_a_burst_of_new_clients_reaches_the_right_sessions(
    run: Run, design: Design
) -> None:
    """The first datagrams of 100 clients at once: each has a session of its own."""

    async def main() -> None:
        async with design(count_own, "127.0.0.1", 0) as server:
            clients = [client_of(server) for _ in range(100)]
            for index, sock in enumerate(clients):
                sock.send(b"%d" % index)
            for index, sock in enumerate(clients):
                async with asyncio.timeout(5):
                    answer = await asyncio.get_running_loop().sock_recv(sock, 100)
                assert answer == b"1 %d" % index
                sock.close()

    run(main())


def test_a_stranger_between_bind_and_connect(run: Run) -> None:
    """Its datagram is read from another client's socket, and passed on."""
    strangers: list[socket.socket] = []

    class Meddled(ConnectedDatagramServer):
        def _bound(self) -> socket.socket:
            sock = super()._bound()
            if not strangers:
                strangers.append(client_of(self))
                strangers[0].send(b"stranger")
            return sock

    async def main() -> None:
        async with Meddled(count_own, "127.0.0.1", 0) as server:
            with client_of(server) as sock:
                assert await ask(sock, b"owner") == b"1 owner"
                async with asyncio.timeout(5):
                    loop = asyncio.get_running_loop()
                    answer = await loop.sock_recv(strangers[0], 100)
                assert answer == b"1 stranger"
                assert server.counters.misdirected == 1
                assert await ask(sock, b"owner") == b"2 owner"
            strangers[0].close()

    run(main())


@BOTH
def test_idle_sessions_end_and_begin_anew(run: Run, design: Design) -> None:
    """After `idle` seconds the handler is told, and a later datagram is number 1."""

    async def main() -> None:
        limits = Limits(idle=0.1)
        async with design(count_own, "127.0.0.1", 0, limits) as server:
            with client_of(server) as sock:
                assert await ask(sock, b"a") == b"1 a"
                assert await ask(sock, b"a") == b"2 a"
                await asyncio.sleep(0.3)
                assert len(server) == 0
                assert server.counters.expired == 1
                assert await ask(sock, b"a") == b"1 a"

    run(main())


@BOTH
def test_strangers_beyond_the_limit_are_dropped(run: Run, design: Design) -> None:
    """The clients being served stay served."""

    async def main() -> None:
        limits = Limits(sessions=2)
        async with design(count_own, "127.0.0.1", 0, limits) as server:
            clients = [client_of(server) for _ in range(3)]
            assert await ask(clients[0], b"a") == b"1 a"
            assert await ask(clients[1], b"b") == b"1 b"
            clients[2].send(b"c")
            assert await ask(clients[0], b"a") == b"2 a"
            assert server.counters.dropped_sessions == 1
            assert len(server) == 2
            for sock in clients:
                sock.close()

    run(main())


@BOTH
def test_a_slow_handler_costs_its_own_client_only(run: Run, design: Design) -> None:
    """Its queue is bounded; the newest datagrams are dropped and counted."""
    sessions = []

    async def stuck(session: Session) -> None:
        sessions.append(session)
        if len(sessions) == 1:
            await asyncio.sleep(3600)
        await count_own(session)

    async def main() -> None:
        limits = Limits(queue=4)
        server = design(stuck, "127.0.0.1", 0, limits)
        async with server:
            slow, quick = client_of(server), client_of(server)
            slow.send(b"first")
            await asyncio.sleep(0.05)
            for _ in range(9):
                slow.send(b"more")
            assert await ask(quick, b"q") == b"1 q"
            await asyncio.sleep(0.05)
            assert sessions[0].dropped == server.counters.dropped_queue == 6
            slow.close()
            quick.close()
            await server.close(timeout=0.1)

    run(main())


@BOTH
def test_a_client_that_is_gone_harms_nobody(run: Run, design: Design) -> None:
    """ICMP port unreachable for an answer: the server goes on."""

    async def late(session: Session) -> None:
        await session.receive()
        await asyncio.sleep(0.05)
        session.send(b"nobody")
        session.send(b"nobody")

    async def main() -> None:
        async with design(late, "127.0.0.1", 0) as server:
            client_of(server).close()
            for _ in range(3):
                sock = client_of(server)
                sock.send(b"x")
                sock.close()
            await asyncio.sleep(0.1)
            with client_of(server) as sock:
                assert await ask(sock, b"x") == b"nobody"

    run(main())


@BOTH
def test_a_handler_that_fails_is_reported_and_alone(run: Run, design: Design) -> None:
    """Its exception goes to the loop's handler; other clients are served."""
    reported: list[object] = []

    async def fails(session: Session) -> None:
        if await session.receive() == b"bad":
            raise ValueError("bad")
        session.send(b"good")

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: reported.append(context["exception"])
        )
        async with design(fails, "127.0.0.1", 0) as server:
            with client_of(server) as bad, client_of(server) as good:
                bad.send(b"bad")
                assert await ask(good, b"x") == b"good"
        assert [type(error) for error in reported] == [ValueError]

    run(main())


@given(
    st.lists(st.tuples(st.integers(0, 5), st.floats(0, 3)), max_size=50),
    st.integers(1, 4),
)
def test_sessions_against_a_plain_model(
    events: list[tuple[int, float]], most: int
) -> None:
    """In virtual time: never more than the limit, each expires by its own clock."""
    table: Sessions[int] = Sessions(Limits(idle=2.0, sessions=most), int)
    heard: dict[int, float] = {}
    now = 0.0
    for address, pause in events:
        now += pause
        gone = sorted(who for who, when in heard.items() if now >= when + 2.0)
        assert sorted(table.expire(now)) == gone
        for who in gone:
            del heard[who]
        got = table.heard(address, now)
        if address in heard or len(heard) < most:
            heard[address] = now
            assert got == address
        else:
            assert got is None
        assert len(table) == len(heard) <= most
        assert table.deadline() == min(heard.values()) + 2.0


def test_a_bounded_queue_keeps_the_oldest() -> None:
    """As a socket's buffer: what is there stays, the newest is refused."""
    queue = BoundedQueue(2)
    assert [queue.put(bytes([n])) for n in range(3)] == [True, True, False]
    assert queue.get() == b"\0"


@pytest.mark.parametrize("wrong", [{"idle": 0}, {"sessions": 0}, {"queue": -1}])
def test_limits_must_be_positive(wrong: dict[str, int]) -> None:
    """A limit of nothing is an error of the program."""
    with pytest.raises(ValueError, match="positive"):
        Limits(**wrong)
