"""Stay idle until the server closes, and race its close with a request.

## What it does

It asks once, reads the answer and stays idle until the server closes: that is
its idle timeout. A request is sent as if it had been on its way at that moment.
Then four more connections stay idle and each sends a request from two
milliseconds before that time to just at it.

## Why it matters

No server can close an idle connection at an instant at which no request is on
its way. The request that crosses the FIN is reset, and its client cannot know
whether it was carried out: the rare 502 behind load balancers whose own idle
time is longer than the server's (5 s in uvicorn, 6 s in Node, 2 s in gunicorn,
60 s and more in balancers).

## What to change

Say when you will close (`Keep-Alive: timeout=5`), a little before you do; keep
idle connections for longer than your clients do (over 60 s behind balancers);
and close in stages, so that a late request meets an end and not a reset.
"""

import time

import msgspec

from lastack.check.connection import ConnectError, Connection, End
from lastack.check.probe import Judgement, Probe, bad, duration, good, not_told
from lastack.check.server import Server, Settings

COMMON_IDLE = 60.0
"""Seconds for which balancers and pools commonly keep an idle connection."""

LEADS = (0.002, 0.001, 0.0005, 0.0)
"""Seconds before the expected close at which the racers ask."""

_SETTLE = 0.5


class Race(msgspec.Struct, frozen=True, kw_only=True):
    """When the server closed, and what late requests met."""

    persistent: bool
    closed_after: float | None = None
    """Seconds from the answer to the close; None if it was not seen."""
    by_reset: bool = False
    """The idle close was a RST."""
    late_reset: bool = False
    """A request on its way at the close was answered by a RST."""
    announced: float | None = None
    answered: int = 0
    reset: int = 0
    ended: int = 0
    """Racers by outcome: answered, reset, or a FIN and no answer."""


def observe(server: Server) -> Race:
    """Learn the timeout, then race it."""
    wait = server.settings.wait
    with server.connect() as connection:
        server.ask(connection)
        answer = server.read(connection).answer
        if not answer.persistent:
            return Race(persistent=False)
        closed_after = connection.wait_for_end(wait)
        announced = answer.announced_idle
        if closed_after is None:
            return Race(persistent=True, announced=announced)
        by_reset = connection.was_reset()
        late_reset = False
        if not by_reset:
            server.ask(connection)
            late_reset = connection.wait_for_reset(_SETTLE)
    outcomes = _race(server, closed_after)
    return Race(
        persistent=True,
        closed_after=closed_after,
        by_reset=by_reset,
        late_reset=late_reset,
        announced=announced,
        answered=outcomes.count(End.ENOUGH),
        reset=outcomes.count(End.RESET),
        ended=outcomes.count(End.FIN),
    )


def _race(server: Server, closes_after: float) -> list[End]:
    """Ask on idle connections just before each is `closes_after` seconds old."""
    racers: list[tuple[float, Connection]] = []
    try:
        for lead in LEADS:
            connection = server.connect()
            racers.append((0.0, connection))
            server.ask(connection)
            server.read(connection)
            racers[-1] = (time.monotonic() + closes_after - lead, connection)
        outcomes = []
        for start, connection in sorted(racers, key=lambda racer: racer[0]):
            server.pause(max(0.0, start - time.monotonic()))
            whole = server.speech.count(connection.receive(0.0).data, ended=False)
            outcomes.append(_ask_late(server, connection, whole))
    except ConnectError:
        return []
    finally:
        for _, connection in racers:
            connection.sock.close()
    return outcomes


def _ask_late(server: Server, connection: Connection, answers: int) -> End:
    server.ask(connection)
    got = connection.receive(
        _SETTLE, lambda data: server.speech.count(data, ended=False) > answers
    )
    if got.end is End.FIN and connection.wait_for_reset(0.05):
        return End.RESET
    return got.end


def judge(seen: Race, settings: Settings) -> Judgement:
    """Demand that a client can avoid the race, or that losing it is clean."""
    if not seen.persistent:
        return good("closes after each answer: there is nothing to race")
    said = "" if seen.announced is None else f", announced {seen.announced:g} s"
    if seen.closed_after is None:
        did = f"not seen to close within {settings.wait:g} s idle{said}"
        if settings.wait < settings.idle_limit:
            return not_told(
                did, "", f"Run with --wait {settings.idle_limit:g} to be sure."
            )
        return bad(
            did,
            "Idle clients, also those that crashed, keep a descriptor for ever.",
            "Set an idle timeout longer than that of the clients and balancers.",
        )
    did = f"closed after {duration(seen.closed_after)} idle{said}"
    if seen.by_reset:
        return bad(
            f"reset the idle connection after {duration(seen.closed_after)}",
            "A reset can overtake an answer and cannot be told from a failure.",
            "Close idle connections with a FIN.",
        )
    raced = (
        f"; of {len(LEADS)} requests raced to it {seen.answered} answered, "
        f"{seen.reset} reset, {seen.ended} met FIN"
    )
    if seen.announced is not None and seen.announced > seen.closed_after + 0.5:
        return bad(
            did + raced,
            "It closes before the time that it announces: a client which believes it "
            "loses requests.",
            "Announce a shorter time than the one after which it closes.",
        )
    if not seen.late_reset:
        return good(did + raced + "; a late request meets FIN, no reset")
    if seen.announced is not None or seen.closed_after >= COMMON_IDLE:
        return good(did + raced)
    return bad(
        did + raced + "; a late one is reset",
        "Clients and balancers that keep connections for longer send requests into "
        "the close: a reset, and nobody knows whether the request was carried out.",
        "Keep idle connections for longer than your clients do (over 60 s), announce "
        "Keep-Alive: timeout, or close in stages: shutdown(WR), drain, close.",
    )


PROBE = Probe(
    title="stays idle until the server closes, races the close",
    connections=lambda settings: 1 + len(LEADS),
    observe=observe,
    judge=judge,
)
