"""Ask for a close, and read to the end of the connection.

## What it does

It sends one request that asks the server to close after its answer (for HTTP,
`Connection: close`), reads the answer, and waits for the end.

## Why it matters

A FIN tells the client that it has everything. A reset tells it the opposite:
its read fails with ECONNRESET, although the answer may have been whole, and a
library that treats the error first throws the answer away. Where the answer has
no length of its own, its end *is* the FIN: nothing else can tell whole from cut
off.

## What to change

Do not set SO_LINGER to {1, 0}, and do not close a socket while received bytes
wait in it: read them first, or shut down the write side and drain.
"""

import msgspec

from lastack.check.connection import End
from lastack.check.probe import Judgement, Probe, bad, duration, good, not_told
from lastack.check.server import Server, Settings


class Closing(msgspec.Struct, frozen=True):
    """What came after the request."""

    answer: str
    complete: bool
    end: End
    seconds: float
    must_close: bool
    """The protocol obliges it to close, since it was asked to."""


def observe(server: Server) -> Closing:
    """Make the exchange and read to its end."""
    with server.connect() as connection:
        server.ask(connection, close=True)
        got = server.read(connection, to_end=True)
    answer = got.answer
    must_close = answer.status is not None or not server.normal.answer.persistent
    return Closing(answer.named, answer.complete, got.end, got.seconds, must_close)


def judge(seen: Closing, settings: Settings) -> Judgement:
    """Demand the whole answer, then a FIN."""
    if seen.complete and seen.end is End.FIN:
        return good(f"{seen.answer}, then FIN, after {duration(seen.seconds)}")
    if seen.complete and seen.end is End.OPEN:
        did = f"{seen.answer}, and had not closed after {settings.patience:g} s"
        if not seen.must_close:
            return not_told(did)
        return bad(
            did,
            "It was asked to close. A client that reads to the end of the connection "
            "hangs, and both sides keep a useless socket.",
            "Close after the answer to a request with Connection: close.",
        )
    if seen.complete:
        return bad(
            f"{seen.answer} in full, then {seen.end.value}",
            "The client's read fails with ECONNRESET after a whole answer; many "
            "libraries then lose the answer, and every close is logged as an error.",
            "Close with a FIN: no SO_LINGER {1, 0}, and nothing left unread at close.",
        )
    return bad(
        f"{seen.end.value} before its answer was whole",
        "The client has no answer, or half of one that it may take for the whole.",
        "Write all of the answer before closing; close only when it is written.",
    )


PROBE = Probe(
    title="asks for a close, reads to the end",
    connections=lambda settings: 1,
    observe=observe,
    judge=judge,
)
