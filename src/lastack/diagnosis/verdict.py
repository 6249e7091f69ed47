"""The verdict as data: what --json and --jsonl print, and its JSON Schema.

The fields and their meaning are a contract; none may vary.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec

from lastack.connections.connection import Connection
from lastack.connections.sent import octets_sent
from lastack.diagnosis.diagnosis import Diagnosis
from lastack.diagnosis.zeek import zeek_state
from lastack.wire.address import address_text

By = Literal["client", "server", "both", "path", "none", "unknown"]
Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]
_DIGITS = 6
"""Of a probability: a millionth is more than it can be known to."""


class Endpoint(msgspec.Struct, frozen=True):
    """A numeric address and a port."""

    address: str
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)]


class Frames(msgspec.Struct, frozen=True):
    """The frames of a connection, numbered from 1 as in Wireshark."""

    first: int
    last: int
    count: int


class Octets(msgspec.Struct, frozen=True):
    """Application bytes that each side sent, retransmissions not counted."""

    client: Annotated[int, msgspec.Meta(ge=0)]
    server: Annotated[int, msgspec.Meta(ge=0)]


class Alternative(msgspec.Struct, frozen=True):
    """What else it could be."""

    ending: str
    by: By
    confidence: Probability


class Evidence(msgspec.Struct, frozen=True):
    """A frame and what it proves."""

    frame: int
    says: str


class ApplicationSaw(msgspec.Struct, frozen=True):
    """What the calls of each program returned."""

    client: str
    server: str


class Verdict(msgspec.Struct, frozen=True):
    """One connection: how it ended, by whom, why, and what to do."""

    capture: str
    stream: int
    client: Endpoint
    server: Endpoint
    client_known: bool
    frames: Frames
    started: str
    duration_s: float
    bytes: Octets
    ending: str
    by: By
    confidence: Probability
    alternatives: list[Alternative]
    summary: str
    evidence: Annotated[list[Evidence], msgspec.Meta(max_length=8)]
    application_saw: ApplicationSaw
    remedy: str
    settle_it: str
    notes: list[str]
    zeek_state: str
    filter: str


def verdict(diagnosis: Diagnosis) -> Verdict:
    """Return the verdict on a connection as data."""
    connection = diagnosis.connection
    saw = diagnosis.application_saw
    story = diagnosis.story
    first = diagnosis.first
    others = [
        Alternative(one.slug, one.by, int(one.probability * 10**_DIGITS) / 10**_DIGITS)  # type: ignore[arg-type]
        for one in diagnosis.alternatives
    ]
    return Verdict(
        capture=diagnosis.capture,
        stream=connection.stream,
        client=endpoint(connection, connection.client),
        server=endpoint(connection, 1 - connection.client),
        client_known=connection.client_known,
        frames=Frames(connection.first_frame, connection.last_frame, connection.frames),
        started=timestamp(connection.first_time, diagnosis.digits),
        duration_s=(connection.last_time - connection.first_time) / 1e9,
        bytes=Octets(octets_sent(story.client), octets_sent(story.server)),
        ending=first.slug,
        by=first.by,  # type: ignore[arg-type]
        # What is cut off is the verdict's, so that they sum to 1 and it is the largest.
        confidence=round(1 - sum(one.confidence for one in others), _DIGITS),
        alternatives=others,
        summary=diagnosis.summary,
        evidence=[Evidence(one.frame, one.says) for one in diagnosis.evidence],
        application_saw=ApplicationSaw(saw["client"], saw["server"]),
        remedy=diagnosis.ending.remedy,
        settle_it=diagnosis.settle_it,
        notes=list(diagnosis.notes),
        zeek_state=zeek_state(connection),
        filter=diagnosis.filter,
    )


def endpoint(connection: Connection, side: int) -> Endpoint:
    """Return the address and port of side 0 or 1."""
    if side == 0:
        high, low, port = connection.high0, connection.low0, connection.port0
    else:
        high, low, port = connection.high1, connection.low1, connection.port1
    return Endpoint(address_text(connection.version, high, low), port)


def timestamp(nanoseconds: int, digits: int) -> str:
    """Return a time as RFC 3339 in UTC, with the capture's own 0 to 9 digits."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    try:
        whole = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return "0001-01-01T00:00:00Z"
    fraction = f".{rest:09d}"[: digits + 1] if digits else ""
    return f"{whole:%Y-%m-%dT%H:%M:%S}{fraction}Z"
