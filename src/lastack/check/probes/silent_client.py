"""Connect and say nothing.

## What it does

It connects and sends no byte. Another client asks at once and must be served.
Then it waits for the server to close.

## Why it matters

A server that waits for the first byte of one client before it serves the next
is stopped by anybody who connects. One that waits for ever lets clients which
have crashed, and attackers, keep a descriptor each at no cost.

## What to change

Give each connection its own thread or task, and a time by which its first
request must be there (nginx `client_header_timeout`, Node `headersTimeout`).
"""

import msgspec

from lastack.check.connection import End
from lastack.check.probe import Judgement, Probe, bad, duration, good, not_told
from lastack.check.server import Server, Settings


class Silence(msgspec.Struct, frozen=True):
    """What happened to a client that said nothing."""

    served_others: bool
    end: End
    seconds: float
    spoke: bool
    """The server sent something before it closed, such as 408."""


def observe(server: Server) -> Silence:
    """Say nothing; ask as another client; wait."""
    with server.connect() as connection:
        served_others = server.still_serves()
        got = connection.receive(server.settings.wait)
    return Silence(served_others, got.end, got.seconds, bool(got.data))


def judge(seen: Silence, settings: Settings) -> Judgement:
    """Demand that others are served and that silence has an end."""
    if not seen.served_others:
        return bad(
            "serves nobody else while one client is silent",
            "Anybody who connects and says nothing stops the service.",
            "Serve each connection on its own: threads, tasks, or poll.",
        )
    if seen.end is End.OPEN:
        did = f"not seen to close within {settings.wait:g} s"
        if settings.wait < settings.idle_limit:
            return not_told(
                did, "", f"Run with --wait {settings.idle_limit:g} to be sure."
            )
        return bad(
            did,
            "Each silent client, crashed or hostile, keeps a descriptor for ever.",
            "Bound the time until the first request is there.",
        )
    spoke = "sent a word, then " if seen.spoke else ""
    did = f"{spoke}{seen.end.value} after {duration(seen.seconds)}"
    return not_told(did) if seen.end is End.LOST else good(did)


PROBE = Probe(
    title="connects and says nothing",
    connections=lambda settings: 2,
    observe=observe,
    judge=judge,
)
