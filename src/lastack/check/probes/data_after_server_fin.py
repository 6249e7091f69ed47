"""Send after the server's FIN, with its answer still unread.

## What it does

It asks for a close, waits until the server's FIN has arrived, reads nothing,
and sends a second request. Then it reads the answer to the first.

## Why it matters

Bytes that reach a fully closed socket are answered by a reset. On Linux the
client can still read what came before; other systems may erase its receive
queue (RFC 9112 section 9.6). TLS clients do this each time, with their
close_notify. A server that lingers (FIN, then reads until the client closes)
keeps the answer safe everywhere.

## What to change

Close in stages: shut down the write side, read and discard until end of file
with a limit of time and bytes, then close. nginx: `lingering_close always`.
"""

import msgspec

from lastack.check.connection import End
from lastack.check.probe import Judgement, Probe, bad, good, not_told
from lastack.check.server import Server, Settings

_SETTLE = 0.3


class SentAfterFin(msgspec.Struct, frozen=True):
    """What became of the answer and of the late bytes."""

    closed: bool
    """A FIN or RST came within the patience."""
    reset_before: bool
    """It was a RST, before anything was sent late."""
    late_reset: bool
    """The late bytes were answered by a RST."""
    answer: str
    complete: bool
    end: End


def observe(server: Server) -> SentAfterFin:
    """Let the server close, send, then read."""
    with server.connect() as connection:
        server.ask(connection, close=True)
        closed = connection.wait_for_end(server.settings.patience) is not None
        reset_before = closed and connection.was_reset()
        late_reset = False
        if closed and not reset_before:
            server.ask(connection)
            late_reset = connection.wait_for_reset(_SETTLE)
            connection.reset = False  # the read shall tell what the queue tells
        got = server.read(connection, to_end=True, seconds=1.0)
    answer = got.answer
    return SentAfterFin(
        closed, reset_before, late_reset, answer.named, answer.complete, got.end
    )


def judge(seen: SentAfterFin, settings: Settings) -> Judgement:
    """Demand that the answer survives late bytes."""
    if not seen.closed:
        return not_told(f"did not close within {settings.patience:g} s")
    if seen.reset_before:
        return not_told("reset the connection in place of a FIN")
    if not seen.complete:
        return bad(
            f"sent FIN; its answer was not whole and it {seen.end.value}",
            "Bytes that cross the server's close destroy the answer.",
            "Close in stages: shutdown(WR), drain to end of file, then close.",
        )
    if seen.late_reset:
        return good("answered, sent FIN, reset the late bytes; the answer is whole")
    return good("answered, sent FIN, and took the late bytes in silence (it lingers)")


PROBE = Probe(
    title="sends after the server's FIN, then reads the answer",
    connections=lambda settings: 1,
    observe=observe,
    judge=judge,
)
