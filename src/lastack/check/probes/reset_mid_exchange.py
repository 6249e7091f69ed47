"""Reset in the middle, several times, and see that the server still serves.

## What it does

It sends half a request and resets; it sends a request and resets before reading
the answer; it resets right after connecting, as health checks do. Four times
each. Then a normal client asks.

## Why it matters

Clients are killed, users press Stop, load balancers check with resets.
ECONNRESET on accept, read or write that reaches the main loop ends the server
for everybody; one that is not cleaned up leaks the connection.

## What to change

Treat ECONNRESET, EPIPE and ECONNABORTED as the end of that one connection;
ignore SIGPIPE; go on accepting.
"""

import msgspec

from lastack.check.connection import ConnectError
from lastack.check.probe import Judgement, Probe, bad, good
from lastack.check.server import Server, Settings

TIMES = 4


class Resets(msgspec.Struct, frozen=True):
    """How many resets the server got, and whether it lives."""

    resets: int
    refused: str
    """The errno's name of a connect that failed in between; empty if none did."""
    serves: bool


def observe(server: Server) -> Resets:
    """Reset in three places, then ask."""
    request = server.speech.request(close=False)
    resets = 0
    refused = ""
    for part in (b"", request[: len(request) // 2], request) * TIMES:
        try:
            connection = server.connect()
        except ConnectError as failed:
            refused = str(failed)
            break
        connection.send([part], server.settings.patience)
        connection.abort()
        resets += 1
    return Resets(resets, refused, server.still_serves())


def judge(seen: Resets, settings: Settings) -> Judgement:
    """Demand that a client is served afterwards."""
    if seen.serves and not seen.refused:
        return good(f"still serves after {seen.resets} resets")
    did = f"connect failed ({seen.refused})" if seen.refused else "no answer"
    return bad(
        f"{did} after {seen.resets} resets",
        "Any client that dies in the middle of a request is an outage for all.",
        "Treat ECONNRESET, EPIPE and ECONNABORTED as the end of one connection; "
        "ignore SIGPIPE.",
    )


PROBE = Probe(
    title="resets in the middle, then asks as another client",
    connections=lambda settings: 3 * TIMES + 1,
    observe=observe,
    judge=judge,
    rough=True,
)
