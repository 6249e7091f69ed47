"""10,000 UDP clients on both designs: right sessions, bounded memory, datagrams/s.

    python bench/closing_datagram.py [CLIENTS [DATAGRAMS_EACH]]

Clients run in a process of their own; each datagram carries its client's number,
each answer the number which its session heard first. Prints one line a design.
"""

import asyncio
import multiprocessing
import resource
import selectors
import socket
import sys
import time
from multiprocessing.connection import Connection

from lastack.closing import ConnectedDatagramServer, DatagramServer, Limits, Session

WINDOW = 200
"""Datagrams on their way at once: less than the default receive buffer holds."""


def memory_kib() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() // 1024


async def first_number(session: Session) -> None:
    """Answers every datagram with the first that this session got, and itself."""
    first = await session.receive()
    data = first
    while data is not None and first is not None:
        session.send(first + b" " + data)
        data = await session.receive()


def clients(address: tuple[str, int], count: int, each: int, told: Connection) -> None:
    """Send `each` datagrams from each of `count` sockets; tell what came back."""
    selector = selectors.DefaultSelector()
    sockets = []
    for number in range(count):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.setblocking(False)
        sock.connect(address)
        selector.register(sock, selectors.EVENT_READ, b"%d" % number)
        sockets.append(sock)
    right = wrong = 0
    start = time.perf_counter()
    pending = [number for _ in range(each) for number in range(count)][::-1]
    waiting = 0
    while pending or waiting:
        while pending and waiting < WINDOW:
            number = pending.pop()
            sockets[number].send(b"%d" % number)
            waiting += 1
        ready = selector.select(1.0)
        if not ready:
            break  # the rest is lost
        for key, _ in ready:
            assert isinstance(key.fileobj, socket.socket)
            answer = key.fileobj.recv(100)
            waiting -= 1
            if answer.split() == [key.data, key.data]:
                right += 1
            else:
                wrong += 1
    told.send((right, wrong, time.perf_counter() - start))


async def measure(design: type[DatagramServer], count: int, each: int) -> None:
    before = memory_kib()
    limits = Limits(idle=600, sessions=count)
    async with design(first_number, "127.0.0.1", 0, limits) as server:
        mine, theirs = multiprocessing.get_context("spawn").Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=clients, args=(server.address, count, each, theirs)
        )
        process.start()
        right, wrong, seconds = await asyncio.to_thread(mine.recv)
        process.join()
        per_session = (memory_kib() - before) / count
        print(
            f"{design.__name__:24} {count} clients, {count * each} datagrams:"
            f" {right} right, {wrong} to the wrong session,"
            f" {count * each - right - wrong} lost;"
            f" {count * each / seconds:,.0f} datagrams/s answered,"
            f" {per_session:.1f} KiB a session,"
            f" {server.counters.misdirected} passed on"
        )
        assert wrong == 0


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    each = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count + 1000), hard))
    for design in (DatagramServer, ConnectedDatagramServer):
        asyncio.run(measure(design, count, each))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


if __name__ == "__main__":
    main()
