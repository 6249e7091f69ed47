"""Many connections at once, against the accept queue.

## What it does

It opens 64 connections in the same instant (`--burst`), each asks as soon as it
is open, and reads its answer.

## Why it matters

Connections wait in the accept queue until the server accepts them. When it is
full, Linux drops the SYN or the last step of the handshake, and the client
retries after one second, then two, then four: requests that take 1 s or 3 s for
no reason that any log shows. With tcp_abort_on_overflow they are reset.

## What to change

A longer backlog in listen(2), and in net.core.somaxconn which caps it; accept
in a loop of its own, away from the work. `nstat -az TcpExtListenOverflows`
counts, and `ss -ltn` shows the queue: Recv-Q is what waits, Send-Q its length.
"""

import select
import socket
import time

import msgspec

from lastack.check.connection import Connection, End
from lastack.check.probe import Judgement, Probe, bad, duration, good
from lastack.check.server import Server, Settings

RETRY = 0.9
"""Seconds from which a wait is one of TCP's, whose first retry comes after 1 s."""

LONG_ANSWER = 1 << 20
"""Bytes after which an answer is not read on: the server has taken the client."""


class Burst(msgspec.Struct, frozen=True):
    """What became of the connections of one burst."""

    opened: int
    answered: int
    refused: int
    """Connects or requests that met a RST."""
    retried: int
    """Answered late, after the client's kernel had to send something again."""
    slowest: float


class _Client:
    """One of the burst: a non-blocking connection that asks once it is open."""

    def __init__(self, server: Server) -> None:
        sock = socket.socket(server.family, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.connect_ex(server.address)
        self.connection = Connection(sock)
        self.asked = False
        self.end: End | None = None
        self.data = b""
        self.seconds = 0.0
        self.retried = False

    def serve(self, server: Server, begun: float) -> None:
        """Go on by one step: ask, or read."""
        sock = self.connection.sock
        try:
            if not self.asked:
                sock.send(server.speech.request(close=True))
                self.asked = True
                return
            data = sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            self.end = End.RESET
            return
        self.data += data
        long = len(self.data) > LONG_ANSWER
        if long or server.speech.first(self.data, ended=not data).complete:
            self.end = End.ENOUGH
        elif not data:
            self.end = End.FIN
        if self.end is None:
            return
        self.seconds = time.monotonic() - begun
        self.retried = self.seconds >= RETRY and self.connection.retransmissions() > 0


def observe(server: Server) -> Burst:
    """Open all at once and serve them until each has its answer."""
    count = server.settings.burst
    server.count(count)
    begun = time.monotonic()
    clients = [_Client(server) for _ in range(count)]
    try:
        poller = select.poll()
        by_descriptor = {each.connection.sock.fileno(): each for each in clients}
        for descriptor in by_descriptor:
            poller.register(descriptor, select.POLLOUT)
        deadline = begun + server.settings.patience + 3  # two retries of a SYN
        while by_descriptor and (left := deadline - time.monotonic()) > 0:
            for descriptor, _ in poller.poll(left * 1000):
                client = by_descriptor[descriptor]
                client.serve(server, begun)
                if client.end is not None:
                    # At once: a server with one worker may linger until then.
                    poller.unregister(descriptor)
                    del by_descriptor[descriptor]
                    client.connection.sock.close()
                elif client.asked:
                    poller.modify(descriptor, select.POLLIN)
    finally:
        for client in clients:
            client.connection.sock.close()
    answered = [each for each in clients if each.end is End.ENOUGH]
    return Burst(
        opened=count,
        answered=len(answered),
        refused=sum(each.end is End.RESET for each in clients),
        retried=sum(each.retried for each in answered),
        slowest=max((each.seconds for each in answered), default=0.0),
    )


def judge(seen: Burst, settings: Settings) -> Judgement:
    """Demand an answer for each, without a retry of TCP's."""
    remedy = (
        "Raise the backlog of listen(2) and net.core.somaxconn; accept in a loop of "
        "its own."
    )
    if seen.answered == seen.opened and not seen.retried:
        return good(f"answered all {seen.opened}, the last {duration(seen.slowest)}")
    if seen.retried:
        return bad(
            f"answered {seen.answered} of {seen.opened}; {seen.retried} waited for a "
            f"retry of TCP's, the longest {duration(seen.slowest)}",
            "The accept queue was full: clients wait 1, 3 or 7 s with nothing in any "
            "log of the server.",
            remedy,
        )
    return bad(
        f"answered {seen.answered} of {seen.opened}, reset {seen.refused}",
        "In a burst some clients get no answer.",
        remedy,
    )


PROBE = Probe(
    title="opens many connections at once",
    connections=lambda settings: settings.burst,
    observe=observe,
    judge=judge,
    rough=True,
)
