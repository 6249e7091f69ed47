"""Half-close after the request, and wait for the answer.

## What it does

It sends a request and at once shuts down its write side: request and FIN arrive
together. Then it reads. It does so three times, since a server that reacts to
the FIN and one that writes its answer may race.

## Why it matters

A FIN says "I shall send no more", not "I am gone" (RFC 9293 section 3.6, RFC
9112 section 9.6). Scripts (`printf ... | nc -N`), proxies that relay a
shutdown, and clients that mark the end of their request so all get no answer
from a server that takes end of file for an abort.

## What to change

At end of file stop reading, not writing: finish and write the answers of all
requests that have arrived, then close. In asyncio return True from
`eof_received`; in Node's http set `server.httpAllowHalfOpen = true`; in a proxy
relay `shutdown`, do not close both sides.
"""

import msgspec

from lastack.check.connection import End
from lastack.check.probe import Judgement, Probe, bad, duration, good
from lastack.check.server import Exchange, Server, Settings

TRIES = 3


class HalfClosed(msgspec.Struct, frozen=True):
    """What each of the tries got."""

    exchanges: tuple[Exchange, ...]


def observe(server: Server) -> HalfClosed:
    """Ask with a FIN behind the request, several times."""
    exchanges = []
    for _ in range(TRIES):
        with server.connect() as connection:
            server.ask(connection)
            connection.half_close()
            exchanges.append(server.read(connection, to_end=True))
    return HalfClosed(tuple(exchanges))


def judge(seen: HalfClosed, settings: Settings) -> Judgement:
    """Demand an answer and a FIN every time."""
    exchanges = seen.exchanges
    lost = [each for each in exchanges if not each.answer.complete]
    if lost:
        how = {End.FIN: "closed", End.OPEN: "said nothing"}.get(
            lost[0].end, lost[0].end.value
        )
        did = f"{how} without a whole answer, {len(lost)} of {len(exchanges)} times"
        return bad(
            did,
            "A client that half-closes after its request gets no answer: the server "
            "takes end of file for an abort.",
            "On end of file answer what has been asked, then close; in a proxy relay "
            "the shutdown and keep the other direction.",
        )
    slowest = max(exchanges, key=lambda each: each.seconds)
    if any(each.end is End.OPEN for each in exchanges):
        return bad(
            f"{slowest.answer.named}, and had not closed after {settings.patience:g} s",
            "The client can ask nothing more, yet its socket and the server's "
            "(CLOSE_WAIT) stay.",
            "Close once the last answer is written and end of file has been read.",
        )
    if any(each.end is not End.FIN for each in exchanges):
        return bad(
            f"{slowest.answer.named}, then reset the connection",
            "The answer ends with ECONNRESET in place of end of file; some clients "
            "then discard it.",
            "Close with a FIN: nothing unread at close, no SO_LINGER {1, 0}.",
        )
    return good(f"{slowest.answer.named}, then FIN, after {duration(slowest.seconds)}")


PROBE = Probe(
    title="half-closes after the request, wants the answer",
    connections=lambda settings: TRIES,
    observe=observe,
    judge=judge,
)
