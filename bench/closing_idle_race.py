"""The idle race on a delaying wire: closed by agreement, and without it.

    python bench/closing_idle_race.py [ROUNDS]        (root: network namespaces)

A round: one request, then another at the moment at which the server finds the
connection idle. The wire delays 5 ms each way. Every request has a number; the
server counts how often it did each.
"""

import asyncio
import contextlib
import random
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.closing.namespaces import a_wire, inside

from lastack.closing import Connection, IdleClose, RequestNotDoneError
from lastack.closing.frames import Frame, FrameReader, Kind

IDLE = 0.1
DELAY = 0.005
AT_ONCE = 200
TIMES = IdleClose(idle=IDLE, patience=2.0, linger=2.0)

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Tally:
    """What the server did and what the clients know."""

    def __init__(self) -> None:
        self.done: Counter[bytes] = Counter()
        self.answered = 0
        self.repeated = 0
        self.in_doubt: list[bytes] = []

    async def do(self, request: bytes) -> bytes:
        """Do a request: count it."""
        self.done[request] += 1
        return request

    def line(self, name: str) -> str:
        """The result, on one line."""
        twice = sum(count > 1 for count in self.done.values())
        not_done = sum(not self.done[request] for request in self.in_doubt)
        return (
            f"{name:17} {self.answered} answered, {self.repeated} repeated safely,"
            f" {len(self.in_doubt)} in doubt ({not_done} of them lost),"
            f" {twice} done twice"
        )


def agreed(tally: Tally) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await TIMES.serve(reader, writer, tally.do)

    return serve


def not_agreed(tally: Tally) -> Serve:
    """What most servers do: close when nothing came for the idle time."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = FrameReader()
        with contextlib.suppress(TimeoutError, OSError):
            while True:
                async with asyncio.timeout(IDLE):
                    data = await reader.read(65536)
                if not data:
                    break
                for frame in frames.feed(data):
                    answer = Frame(Kind.ANSWER, await tally.do(frame.payload))
                    writer.write(answer.encode())
        writer.close()

    return serve


async def client(tally: Tally, name: int, rounds: int) -> None:
    dice = random.Random(name)
    connection: Connection | None = None
    for number in range(rounds):
        for part in ("a", "b"):
            request = f"{name}-{number}-{part}".encode()
            for _ in range(5):
                if connection is None or not connection.usable:
                    connection = TIMES.connection(
                        *await asyncio.open_connection("10.99.0.2", 7)
                    )
                try:
                    assert await connection.request(request) == request
                    tally.answered += 1
                except RequestNotDoneError:
                    tally.repeated += 1
                    continue
                except ConnectionError:
                    tally.in_doubt.append(request)
                break
            else:
                raise RuntimeError("five connections in a row were closing")
            if part == "a":
                await asyncio.sleep(IDLE - DELAY + dice.uniform(-0.004, 0.02))
    if connection is not None:
        await connection.close()


def run(name: str, make: Callable[[Tally], Serve], rounds: int) -> Tally:
    tally = Tally()
    with a_wire() as wire:
        wire.delay = DELAY
        ready, done = threading.Event(), threading.Event()

        async def server() -> None:
            serve = make(tally)
            served: set[asyncio.Task[None]] = set()

            async def one(
                reader: asyncio.StreamReader, writer: asyncio.StreamWriter
            ) -> None:
                task = asyncio.current_task()
                assert task is not None
                served.add(task)
                task.add_done_callback(served.discard)
                await serve(reader, writer)

            serving = await asyncio.start_server(one, "10.99.0.2", 7, backlog=1024)
            async with serving:
                ready.set()
                await asyncio.to_thread(done.wait)
            # A client that is done goes first; whom it leaves behind may finish.
            if served:
                await asyncio.wait(served, timeout=TIMES.linger)

        def far() -> None:
            with inside(wire.far):
                asyncio.run(server())

        thread = threading.Thread(target=far)
        thread.start()
        ready.wait()

        async def clients() -> None:
            each = max(1, rounds // AT_ONCE)
            async with asyncio.TaskGroup() as tasks:
                for index in range(min(rounds, AT_ONCE)):
                    tasks.create_task(client(tally, index, each))

        with inside(wire.near):
            asyncio.run(clients())
        done.set()
        thread.join()
    print(tally.line(name))
    return tally


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{rounds} rounds, idle {IDLE} s, {DELAY} s each way")
    tally = run("by agreement", agreed, rounds)
    assert not tally.in_doubt
    assert set(tally.done.values()) == {1}
    run("without agreement", not_agreed, rounds)


if __name__ == "__main__":
    main()
