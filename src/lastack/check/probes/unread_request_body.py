"""Send a body that the server may not want, and want the answer still.

## What it does

It sends a POST with a large body (8 MiB unless told otherwise), all of it
before it reads, as most HTTP libraries do. Then it reads the answer: 200, 404,
405 or 413, any will do.

## Why it matters

A server that answers early and closes with the rest of the body unread sends a
reset. The client's send fails with EPIPE or ECONNRESET. On Linux it can still
read the answer, if its library tries; on other systems the reset may erase it
(RFC 9112 section 9.6), and asyncio's streams throw it away. The user sees
"connection reset" where the server meant "413 Content Too Large".

## What to change

After the early answer shut down the write side, read and discard for a limited
time and size, then close (a lingering close). nginx does so by default;
`lastack.closing` has it as `lingering_close`. Or read the whole body before the
answer.
"""

import msgspec

from lastack.check.connection import End
from lastack.check.probe import Judgement, Probe, bad, duration, good, not_told
from lastack.check.server import Server, Settings


class BodySent(msgspec.Struct, frozen=True):
    """How far the body went, and what came back."""

    sent: int
    size: int
    """Bytes that were to be sent, head and body."""
    reset: bool
    """A RST came at any time."""
    answer: str
    complete: bool
    end: End
    seconds: float
    framed: bool
    """The protocol says what belongs to one request (HTTP)."""


def observe(server: Server) -> BodySent:
    """Send all, then read to the end."""
    pieces = list(server.speech.oversized(server.settings.body_size))
    size = sum(map(len, pieces))
    with server.connect() as connection:
        sent = connection.send(pieces, server.settings.patience)
        got = server.read(connection, to_end=True)
        reset = connection.reset or (got.end is End.FIN and connection.was_reset())
    answer = got.answer
    return BodySent(
        sent,
        size,
        reset,
        answer.named,
        answer.complete,
        got.end,
        got.seconds,
        answer.status is not None or not server.normal.answer.complete,
    )


def judge(seen: BodySent, settings: Settings) -> Judgement:
    """Demand an answer that no reset puts at risk."""
    part = f"{100 * seen.sent // seen.size} % of the body"
    linger = (
        "After an early answer: shutdown(WR), read and discard within limits, then "
        "close; or read the whole body first."
    )
    if seen.reset and seen.complete:
        return bad(
            f"{seen.answer} after {part}, then reset the connection",
            "The sender gets ECONNRESET or EPIPE. Only a client that reads on after "
            "that error finds the answer, and only where its system keeps it.",
            linger,
        )
    if seen.reset:
        return bad(
            f"reset the connection after {part}; the answer is lost",
            "The client cannot learn why it was refused, and tries again.",
            linger,
        )
    if seen.complete and seen.sent < seen.size:
        if not seen.framed:
            return not_told("answers were not read, and it stopped reading")
        return bad(
            f"{seen.answer}, but took only {part}",
            "A client that sends before it reads hangs: neither side goes on.",
            linger,
        )
    if seen.complete:
        return good(f"{seen.answer}, having taken the whole body")
    if not seen.framed:
        return not_told("gave no whole answer to so many requests")
    return bad(
        f"gave no answer within {duration(seen.seconds)} after {part}",
        "The client waits for an answer that does not come.",
        "Answer early, or read the whole body; limit the time of both.",
    )


PROBE = Probe(
    title="sends a body unasked, wants the answer still",
    connections=lambda settings: 1,
    observe=observe,
    judge=judge,
)
