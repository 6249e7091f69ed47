"""Close first, with nothing more to ask, and see whether the server follows.

## What it does

It asks once, reads the answer, and then shuts down its write side, as a client
does that has finished. Where the server has closed by then, it does the same on
a connection on which it asks nothing. Then it waits for the server's FIN.

## Why it matters

A server that does not react to end of file keeps a socket in CLOSE_WAIT for as
long as its process lives. No timer of the kernel ends that state. Descriptors
run out, and then it accepts nobody.

## What to change

Close the socket when a read returns end of file, on each path through the
program: errors, half-read requests, idle connections in a pool. `ss -tn state
close-wait` on the server shows what leaks.
"""

import msgspec

from lastack.check.connection import End
from lastack.check.probe import Judgement, Probe, bad, duration, good
from lastack.check.server import Server, Settings


class ClosedFirst(msgspec.Struct, frozen=True):
    """How the server's side ended after our FIN."""

    after_answer: bool
    """An answer had been read before; else nothing was asked."""
    end: End
    seconds: float


def observe(server: Server) -> ClosedFirst:
    """Finish first, on an idle connection or on a silent one."""
    after_answer = server.normal.answer.persistent
    with server.connect() as connection:
        if after_answer:
            server.ask(connection)
            server.read(connection)
        connection.half_close()
        got = connection.receive(server.settings.wait)
    return ClosedFirst(after_answer, got.end, got.seconds)


def judge(seen: ClosedFirst, settings: Settings) -> Judgement:
    """Demand a FIN in answer to the FIN."""
    when = "after an answer" if seen.after_answer else "before any request"
    if seen.end is End.FIN:
        return good(f"closed, too, after {duration(seen.seconds)}")
    if seen.end is End.OPEN:
        return bad(
            f"had not closed {settings.wait:g} s after the client's FIN, {when}",
            "Each client that leaves costs the server a socket in CLOSE_WAIT, which "
            "no timer ends; in the end it cannot accept anybody.",
            "Close the socket when a read returns end of file, on each path.",
        )
    return bad(
        f"{seen.end.value} on the client's FIN, {when}",
        "A client that closes in order is told of an error.",
        "Close with a FIN: no SO_LINGER {1, 0}.",
    )


PROBE = Probe(
    title="closes first, waits for the server to follow",
    connections=lambda settings: 1,
    observe=observe,
    judge=judge,
)
