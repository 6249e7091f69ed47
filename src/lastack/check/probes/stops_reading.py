"""Stop reading until the window is closed, then recover and want everything.

## What it does

With a small receive buffer it asks for more than fits (many requests at once,
or one for a long answer) and does not read for two seconds: the window goes to
zero. While it is stalled, another client asks. Then it reads all.

## Why it matters

Slow clients are common: phones, busy programs, debuggers. A server that loses
the rest of the answer cuts downloads short; one that blocks in a write serves
nobody else, so that one stalled client is an outage.

## What to change

Write with poll and a buffer for each connection, or give each connection a
thread; bound the time without progress (nginx `send_timeout`), not the time in
all.
"""

import msgspec

from lastack.check.connection import End
from lastack.check.probe import Judgement, Probe, bad, good, not_told
from lastack.check.server import Server, Settings

RECEIVE_BUFFER = 4096
"""Bytes that are asked of SO_RCVBUF; Linux doubles it."""

STALL = 2.0
MOST_REQUESTS = 64
WANTED = 65536
"""Bytes of answers that are asked for, where one is shorter."""


class Stalled(msgspec.Struct, frozen=True):
    """How much was asked for and how much came in the end."""

    asked: int
    """Whole answers that were asked for."""
    came: int
    fitted: bool
    """All of it fitted into the receive queue: nothing stalled."""
    served_others: bool
    end: End
    persistent: bool


def observe(server: Server) -> Stalled:
    """Ask for much, stall, ask as another client, recover."""
    normal = server.normal.answer
    asked = 1
    if normal.persistent:
        asked = min(MOST_REQUESTS, max(1, -(-WANTED // max(1, normal.length))))
    requests = server.speech.request(close=False) * asked
    with server.connect(RECEIVE_BUFFER) as connection:
        connection.send([requests], server.settings.patience)
        server.pause(min(STALL, server.settings.wait) / 2)
        served_others = server.still_serves()
        server.pause(min(STALL, server.settings.wait) / 2)
        fitted = connection.unread() >= asked * normal.length

        def enough(data: bytes) -> bool:
            return server.speech.count(data, ended=False) >= asked

        got = connection.receive(server.settings.patience, enough)
    came = server.speech.count(got.data, ended=got.end is End.FIN)
    return Stalled(asked, came, fitted, served_others, got.end, normal.persistent)


def judge(seen: Stalled, settings: Settings) -> Judgement:
    """Demand everything, and that others were served meanwhile."""
    if not seen.served_others:
        return bad(
            f"served nobody else within {settings.patience:g} s of the stall",
            "One client that stops reading is an outage for all.",
            "Never block on one connection's write: poll, or a thread for each.",
        )
    if seen.fitted:
        return not_told(
            "its answers fit into the smallest window: nothing stalled",
            "",
            "Give --path of a longer answer.",
        )
    answers = "answer" if seen.asked == 1 else "answers"
    if seen.came >= seen.asked:
        return good(f"waited, then sent all of {seen.asked} {answers}")
    if seen.end is End.FIN and seen.came and not seen.persistent:
        return good(f"waited, sent {seen.came} whole answers and closed")
    return bad(
        f"sent {seen.came} of {seen.asked} {answers} whole, then {seen.end.value}",
        "A client that reads slowly loses the rest of what it asked for.",
        "Keep unsent bytes until the client takes them or a limit of time without "
        "progress, then close with the reason in the log.",
    )


PROBE = Probe(
    title="stops reading until the window closes, then recovers",
    connections=lambda settings: 2,
    observe=observe,
    judge=judge,
)
