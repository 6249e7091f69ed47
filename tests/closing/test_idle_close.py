"""The agreed close: the race in virtual time, and on real sockets."""

import asyncio
import gc
import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.closing import IdleClose, ProtocolError, RequestNotDoneError, retry_safe
from lastack.closing.frames import Frame, FrameReader, Kind
from lastack.closing.idle_close import (
    TABLE,
    Action,
    ClientSide,
    Event,
    ServerSide,
    State,
)

from .conftest import Run
from .namespaces import Pair

TIMES = IdleClose(idle=1.0, patience=0.5, linger=0.5)


@dataclass
class Round:
    """One connection in virtual time: a wire that delays and keeps order."""

    delay: float
    agreed: bool
    """False: the server just closes when idle, and a late request is lost."""
    server_work: float = 0.01
    acknowledges: bool = True
    now: float = 0.0
    done: list[int] = field(default_factory=list)
    answered: list[int] = field(default_factory=list)
    not_done: list[int] = field(default_factory=list)
    ignored: int = 0
    unknown: list[int] = field(default_factory=list)
    _order: int = 0
    _agenda: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = ServerSide(TIMES, 0.0)
        self.client = ClientSide()
        self._sent: list[int] = []
        self._free = 0.0
        self._closed = False

    def at(self, when: float, call: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._agenda, (when, self._order, call))

    def run(self, submits: list[float]) -> "Round":
        for number, when in enumerate(submits):
            self.at(when, partial(self.submit, number))
        self.watch()
        while self._agenda:
            self.now, _, call = heapq.heappop(self._agenda)
            call()
        return self

    def watch(self) -> None:
        deadline = self.server.deadline()
        if deadline is not None:
            self.at(deadline, self.tick)

    def tick(self) -> None:
        if not self.agreed and self.server.state is State.OPEN:
            deadline = self.server.deadline()
            if deadline is not None and self.now >= deadline:
                self.server.state = State.CLOSED
                self.at(
                    self.now + self.delay, lambda: self.client_event(Event.PEER_ENDED)
                )
            return
        self.serve(self.server.tick(self.now))

    def submit(self, number: int) -> None:
        if Action.TURN_AWAY in self.client.happens(Event.SUBMIT):
            self.not_done.append(number)
            return
        self._sent.append(number)
        self.at(self.now + self.delay, lambda: self.request(number))

    def request(self, number: int) -> None:
        if not self.agreed and self.server.state is State.CLOSED:
            return  # RST
        actions = self.server.happens(Event.REQUEST, self.now)
        if Action.DO_REQUEST in actions:
            self._free = max(self._free, self.now) + self.server_work
            self.at(self._free, lambda: self.finish(number))
        self.ignored += Action.IGNORE_REQUEST in actions
        self.serve(actions)

    def finish(self, number: int) -> None:
        self.done.append(number)
        self.at(self.now + self.delay, lambda: self.answer(number))
        self.serve(self.server.answered(self.now))

    def answer(self, number: int) -> None:
        self.client.happens(Event.ANSWER)
        self.answered.append(number)

    def serve(self, actions: tuple[Action, ...]) -> None:
        arrival = self.now + self.delay
        for action in actions:
            if action is Action.SEND_NOTICE:
                self.at(arrival, lambda: self.client_event(Event.NOTICE))
            elif action is Action.SEND_GOODBYE:
                done = self.server.done
                self.at(arrival, partial(self.goodbye, done))
                self.at(arrival, lambda: self.client_event(Event.PEER_ENDED))
        self.watch()

    def goodbye(self, done: int) -> None:
        self.client_acts(self.client.goodbye(done))

    def client_event(self, event: Event) -> None:
        if event is Event.NOTICE and not self.acknowledges:
            return
        self.client_acts(self.client.happens(event))

    def client_acts(self, actions: tuple[Action, ...]) -> None:
        arrival = self.now + self.delay
        for action in actions:
            if action is Action.SEND_ACKNOWLEDGE:
                self.at(arrival, lambda: self.server_event(Event.ACKNOWLEDGED))
            elif action is Action.SETTLE:
                missing = self._sent[len(self.answered) :]
                group = self.not_done if self.client.repeatable() else self.unknown
                group += missing
            elif action is Action.CLOSE and self.agreed:
                self.at(arrival, lambda: self.server_event(Event.PEER_ENDED))

    def server_event(self, event: Event) -> None:
        self.serve(self.server.happens(event, self.now))


def rounds(agreed: bool, count: int = 10_000) -> list[Round]:
    """Requests around the moment at which the server finds itself idle."""
    dice = random.Random(2)
    found = []
    for _ in range(count):
        delay = dice.uniform(0.001, 0.1)
        first = dice.uniform(0.0, 0.1)
        around = first + 1.0 + 2 * delay
        submits = [first, *(around + dice.uniform(-0.3, 0.3) for _ in range(2))]
        found.append(Round(delay, agreed).run(sorted(submits)))
    return found


def test_10000_races_lose_nothing_and_do_nothing_twice() -> None:
    """Every request is answered, or known not to be done and not done."""
    crossed = 0
    for one in rounds(agreed=True):
        assert one.unknown == []
        assert sorted(one.answered + one.not_done) == [0, 1, 2]
        assert sorted(one.done) == sorted(one.answered)
        assert one.ignored == 0  # what was not done was not even sent
        assert one.server.state is State.CLOSED
        assert one.client.state is State.LEFT
        crossed += bool(one.not_done)
    assert crossed > 1000  # the race was run, not avoided


def test_without_it_requests_are_lost() -> None:
    """The same races against a server that just closes: hundreds, unknown."""
    lost = sum(bool(one.unknown) for one in rounds(agreed=False))
    assert lost > 300


@given(
    st.floats(0.001, 2.0),
    st.lists(st.floats(0.0, 6.0), max_size=8),
    st.booleans(),
    st.floats(0.001, 1.0),
)
def test_any_round_ends_without_doubt(
    delay: float, submits: list[float], acknowledges: bool, work: float
) -> None:
    """Also when the client never acknowledges, or the server is slow."""
    one = Round(delay, True, server_work=work, acknowledges=acknowledges)
    one.run(sorted(submits))
    assert one.unknown == []
    assert sorted(one.answered + one.not_done) == list(range(len(submits)))
    assert sorted(one.done) == sorted(one.answered)


def test_the_table_is_whole() -> None:
    """Every state is reached and left, but for the two last ones."""
    reached = {target for target, _ in TABLE.values()}
    assert reached == set(State)
    for last in (State.CLOSED, State.LEFT):
        targets = {to for (at, _), (to, _) in TABLE.items() if at is last}
        assert targets == {last}
    for state in State:
        assert (state, Event.LOST) in TABLE


def test_what_is_not_in_the_table_is_an_error() -> None:
    """An acknowledgement that nobody asked for, an answer to no request."""
    with pytest.raises(ProtocolError):
        ServerSide(TIMES, 0.0).happens(Event.ACKNOWLEDGED, 0.0)
    with pytest.raises(ProtocolError):
        ClientSide().happens(Event.ANSWER)
    with pytest.raises(ProtocolError):
        ClientSide().goodbye(1)


@given(st.lists(st.binary(max_size=50)), st.lists(st.integers(1, 20)))
def test_frames_survive_any_cut(payloads: list[bytes], cuts: list[int]) -> None:
    """However the stream is cut, the same frames come out."""
    frames = [Frame(Kind.REQUEST, payload) for payload in payloads]
    stream = b"".join(frame.encode() for frame in frames)
    reader = FrameReader()
    found = []
    for cut in cuts:
        found += reader.feed(stream[:cut])
        stream = stream[cut:]
    found += reader.feed(stream)
    assert found == frames
    assert not reader.in_the_middle


@pytest.mark.parametrize("data", [b"\xff\0\0\0\0", b"\1\xff\xff\xff\xff"])
def test_hostile_frames_are_refused(data: bytes) -> None:
    """An unknown kind; a length that would fill the memory."""
    with pytest.raises(ValueError, match=r"not a valid Kind|at most"):
        FrameReader().feed(data)


async def upper(request: bytes) -> bytes:
    await asyncio.sleep(0)
    return request.upper()


async def both(pair: Pair, times: IdleClose):  # type: ignore[no-untyped-def]
    client = times.connection(*await asyncio.open_connection(sock=pair.client))
    server = await asyncio.open_connection(sock=pair.server)
    return client, asyncio.create_task(times.serve(*server, upper))


def test_on_sockets_the_server_closes_by_agreement(pair: Pair, run: Run) -> None:
    """Idle: both ends see the end in order; a request after it is turned away."""

    async def main() -> None:
        client, serving = await both(pair, IdleClose(idle=0.1))
        assert await client.request(b"a") == b"A"
        served = await serving
        assert (served.done, served.ignored, served.agreed) == (1, 0, True)
        assert not client.usable
        with pytest.raises(RequestNotDoneError) as caught:
            await client.request(b"b")
        assert retry_safe(caught.value, 100)
        await client.close()

    run(main())


def test_on_sockets_the_client_closes(pair: Pair, run: Run) -> None:
    """Answers that are due arrive after the client's end."""

    async def main() -> None:
        client, serving = await both(pair, IdleClose())
        answers = [asyncio.create_task(client.request(b"%d" % n)) for n in range(100)]
        await asyncio.sleep(0)
        await client.close()
        assert await asyncio.gather(*answers) == [b"%d" % n for n in range(100)]
        assert (await serving).agreed

    run(main())


def test_on_sockets_a_lost_server_leaves_doubt(pair: Pair, run: Run) -> None:
    """A reset without GOODBYE: the error is not safe to repeat, and says so."""

    async def main() -> None:
        times = IdleClose()
        client = times.connection(*await asyncio.open_connection(sock=pair.client))
        asking = asyncio.create_task(client.request(b"x"))
        await asyncio.sleep(0.05)
        pair.server.close()  # unread: RST
        with pytest.raises(ConnectionResetError) as caught:
            await asking
        assert not retry_safe(caught.value, 6)
        await client.close()

    run(main())


def test_on_sockets_a_client_that_ignores_the_notice(pair: Pair, run: Run) -> None:
    """It costs `patience`; then the server ends, and lingers for the client."""

    async def main() -> None:
        reader, writer = await asyncio.open_connection(sock=pair.server)
        times = IdleClose(idle=0.05, patience=0.05, linger=0.2)
        serving = asyncio.create_task(times.serve(reader, writer, upper))
        got = await asyncio.to_thread(pair.client.recv, 100)
        assert got == Frame(Kind.NOTICE).encode()
        await asyncio.sleep(0.1)
        pair.client.sendall(Frame(Kind.REQUEST, b"too late").encode())
        served = await serving
        assert (served.done, served.ignored, served.agreed) == (0, 1, False)
        got = await asyncio.to_thread(pair.client.recv, 100)
        assert got == Frame(Kind.GOODBYE, bytes(8)).encode()

    run(main())


def test_an_error_of_the_program_aborts(pair: Pair, run: Run) -> None:
    """`do` raises: its exception comes out, the client does not wait."""

    async def broken(request: bytes) -> bytes:
        raise KeyError(request)

    async def main() -> None:
        client = IdleClose().connection(
            *await asyncio.open_connection(sock=pair.client)
        )
        streams = await asyncio.open_connection(sock=pair.server)
        serving = asyncio.create_task(IdleClose().serve(*streams, broken))
        with pytest.raises(ConnectionError):
            await client.request(b"x")
        with pytest.raises(KeyError):
            await serving
        await client.close()

    run(main())


def test_a_dropped_connection_still_ends_in_order(pair: Pair, run: Run) -> None:
    """A pool forgets a connection that is not usable; nothing collects its task."""

    async def main() -> None:
        client, serving = await both(pair, IdleClose(idle=0.05))
        assert await client.request(b"a") == b"A"
        del client
        for _ in range(10):
            gc.collect()
            await asyncio.sleep(0.02)
        assert (await serving).agreed

    run(main())
