"""`IdleClose` on asyncio's streams: the thin drivers of the machine's two sides."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lastack.closing.aborting import abort
from lastack.closing.frames import Frame, FrameReader, Kind
from lastack.closing.idle_close import (
    Action,
    ClientSide,
    Event,
    IdleClose,
    ProtocolError,
    ServerSide,
    State,
)
from lastack.closing.retry import RequestNotDoneError

_READ_SIZE = 65536
_MOST_WAITING = 64
"""Requests of one connection that wait to be done; then it is not read."""

_READING: set[asyncio.Task[None]] = set()
"""A client may drop a connection which is not usable; it still ends in order. The
loop alone would not keep its task."""


@dataclass(frozen=True, slots=True)
class Served:
    """How a connection was, to its server."""

    done: int
    """Requests that were done."""
    ignored: int
    """Requests that came too late; the client knows, and repeats them elsewhere."""
    agreed: bool
    """Both sides ended, and no request was ignored."""


async def serve_connection(
    times: IdleClose,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    do: Callable[[bytes], Awaitable[bytes]],
) -> Served:
    """Answer the client's requests in order until the connection is over.

    An exception of `do` aborts the connection and is raised.
    """
    return await _Server(times, reader, writer, do).run()


class _Server:
    def __init__(
        self,
        times: IdleClose,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        do: Callable[[bytes], Awaitable[bytes]],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._do = do
        self._side = ServerSide(times, _now())
        self._requests: asyncio.Queue[bytes] = asyncio.Queue(_MOST_WAITING)
        self._moved = asyncio.Event()
        self._closed = asyncio.Event()
        self._ignored = 0
        self._ended = False
        self._lost = False

    async def run(self) -> Served:
        try:
            async with asyncio.TaskGroup() as tasks:
                parts = [
                    tasks.create_task(part())
                    for part in (self._read, self._answer, self._watch)
                ]
                await self._closed.wait()
                for part in parts:
                    part.cancel()
        except BaseExceptionGroup as failures:
            abort(self._writer)
            if len(failures.exceptions) == 1:
                raise failures.exceptions[0] from None
            raise
        finally:
            self._writer.close()
        if self._lost:
            abort(self._writer)
        agreed = self._ended and not self._lost and self._ignored == 0
        return Served(self._side.done, self._ignored, agreed)

    async def _read(self) -> None:
        frames = FrameReader()
        try:
            while data := await self._reader.read(_READ_SIZE):
                for frame in frames.feed(data):
                    await self._received(frame)
            self._ended = True
            self._act(self._side.happens(Event.PEER_ENDED, _now()))
        except (OSError, ValueError):
            self._lose()

    async def _received(self, frame: Frame) -> None:
        if frame.kind is Kind.REQUEST:
            actions = self._side.happens(Event.REQUEST, _now())
            if Action.DO_REQUEST in actions:
                await self._requests.put(frame.payload)
            else:
                self._ignored += 1
            self._act(actions)
        elif frame.kind is Kind.ACKNOWLEDGE:
            self._act(self._side.happens(Event.ACKNOWLEDGED, _now()))
        elif frame.kind is Kind.PING:
            self._send(Frame(Kind.PONG, frame.payload))
        elif frame.kind is not Kind.PONG:
            raise ProtocolError(f"{frame.kind.name} from a client")

    async def _answer(self) -> None:
        while True:
            answer = await self._do(await self._requests.get())
            self._send(Frame(Kind.ANSWER, answer))
            try:
                await self._writer.drain()
            except OSError:
                self._lose()
            self._act(self._side.answered(_now()))

    async def _watch(self) -> None:
        """Calls the machine at its deadlines, which move on with every event."""
        while True:
            self._moved.clear()
            deadline = self._side.deadline()
            try:
                async with asyncio.timeout_at(deadline):
                    await self._moved.wait()
            except TimeoutError:
                self._act(self._side.tick(_now()))

    def _act(self, actions: tuple[Action, ...]) -> None:
        """Do what the machine says, after every event: a deadline may have moved."""
        self._moved.set()
        for action in actions:
            if action is Action.SEND_NOTICE:
                self._send(Frame(Kind.NOTICE))
            elif action is Action.SEND_GOODBYE:
                done = self._side.done.to_bytes(8, "big")
                self._send(Frame(Kind.GOODBYE, done))
                self._end()
            elif action is Action.CLOSE:
                self._closed.set()

    def _send(self, frame: Frame) -> None:
        try:
            self._writer.write(frame.encode())
        except RuntimeError:  # uvloop: the transport is closed
            self._lose()

    def _end(self) -> None:
        try:
            self._writer.write_eof()
        except (OSError, RuntimeError):
            self._lose()

    def _lose(self) -> None:
        self._lost = True
        self._act(self._side.happens(Event.LOST, _now()))


class Connection:
    """A client's connection to a server that closes by agreement.

    Many tasks may call `request`; answers come in the order of requests.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._side = ClientSide()
        self._waiting: deque[asyncio.Future[bytes]] = deque()
        self._reading = asyncio.create_task(self._read())
        _READING.add(self._reading)
        self._reading.add_done_callback(_READING.discard)

    @property
    def usable(self) -> bool:
        """Whether a request may be sent here; a pool drops it when not."""
        return self._side.state is State.USING

    async def request(self, payload: bytes) -> bytes:
        """Send a request, return its answer.

        Raises:
            RequestNotDoneError: it was certainly not done: repeat it, on another
                connection.
            ConnectionError: the connection was lost; nobody knows.
        """
        if Action.TURN_AWAY in self._side.happens(Event.SUBMIT):
            raise RequestNotDoneError("this connection is closing: take another")
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        try:
            self._writer.write(Frame(Kind.REQUEST, payload).encode())
        except RuntimeError:  # uvloop: the transport is closed
            self._act(self._side.happens(Event.LOST))
        return await answer

    async def close(self) -> None:
        """Send no more; wait for the answers that are due; close."""
        self._act(self._side.happens(Event.WANTS_CLOSE))
        await self._reading

    async def _read(self) -> None:
        frames = FrameReader()
        try:
            while data := await self._reader.read(_READ_SIZE):
                for frame in frames.feed(data):
                    self._received(frame)
            self._act(self._side.happens(Event.PEER_ENDED))
        except (OSError, ValueError):
            self._act(self._side.happens(Event.LOST))

    def _received(self, frame: Frame) -> None:
        if frame.kind is Kind.ANSWER:
            self._side.happens(Event.ANSWER)
            answer = self._waiting.popleft()
            if not answer.done():
                answer.set_result(frame.payload)
        elif frame.kind is Kind.NOTICE:
            self._act(self._side.happens(Event.NOTICE))
        elif frame.kind is Kind.GOODBYE:
            self._act(self._side.goodbye(int.from_bytes(frame.payload, "big")))
        elif frame.kind is Kind.PING:
            self._writer.write(Frame(Kind.PONG, frame.payload).encode())
        elif frame.kind is not Kind.PONG:
            raise ProtocolError(f"{frame.kind.name} from a server")

    def _act(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            if action is Action.SEND_ACKNOWLEDGE:
                self._writer.write(Frame(Kind.ACKNOWLEDGE).encode())
            elif action is Action.SEND_END:
                self._end()
            elif action is Action.SETTLE:
                self._settle()
            elif action is Action.CLOSE:
                self._writer.close()

    def _end(self) -> None:
        try:
            self._writer.write_eof()
        except (OSError, RuntimeError):
            self._act(self._side.happens(Event.LOST))

    def _settle(self) -> None:
        while self._waiting:
            answer = self._waiting.popleft()
            if answer.done():
                continue
            if self._side.repeatable():
                answer.set_exception(RequestNotDoneError("the server did not do it"))
            else:
                answer.set_exception(
                    ConnectionResetError("lost: nobody knows whether it was done")
                )


def _now() -> float:
    return asyncio.get_running_loop().time()
