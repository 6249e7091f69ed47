"""What a probe is: something done to a server, and a judgement of what it did then.

A probe is one file in `probes/`: a page as its docstring, an observation as data,
`observe` which drives sockets, `judge` which is pure, and one `PROBE` literal.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec

from lastack.check.server import Server, Settings

Observation = TypeVar("Observation", bound=msgspec.Struct)


class Verdict(Enum):
    """What a probe says of the server."""

    GOOD = "good"
    BAD = "bad"
    NOT_TOLD = "not told"
    SKIPPED = "skipped"


class Judgement(msgspec.Struct, frozen=True):
    """A verdict with its reasons; `why` and `change` are empty where it is good."""

    verdict: Verdict
    server_did: str
    why: str = ""
    """Why it matters to clients."""
    change: str = ""
    """What to change in the server."""


class CannotProbeError(Exception):
    """A probe cannot run here; the message says why, in one line."""


class Probe(msgspec.Struct, Generic[Observation], frozen=True, kw_only=True):
    """One probe; its name is its file's, with hyphens."""

    title: str
    """What is done to the server, at most 54 characters."""
    connections: Callable[[Settings], int]
    """The most connections that it opens."""
    observe: Callable[[Server], Observation]
    """Drive the sockets. Raises ConnectError and CannotProbeError."""
    judge: Callable[[Observation, Settings], Judgement]
    """Judge what was observed; pure."""
    rough: bool = False
    """It may leave a weak server shaken, so it runs after the others."""


AnyProbe = Probe[Any]


def good(server_did: str) -> Judgement:
    """Return the judgement of a server that did right."""
    return Judgement(Verdict.GOOD, server_did)


def bad(server_did: str, why: str, change: str) -> Judgement:
    """Return the judgement of a server that should be changed."""
    return Judgement(Verdict.BAD, server_did, why, change)


def not_told(server_did: str, why: str = "", change: str = "") -> Judgement:
    """Return the judgement where what was seen proves neither."""
    return Judgement(Verdict.NOT_TOLD, server_did, why, change)


def duration(seconds: float) -> str:
    """Return `0.4 ms`, `31 ms` or `5.0 s`; below that, `under 0.1 ms`."""
    if seconds < 0.0001:
        return "under 0.1 ms"
    if seconds < 0.00995:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else f"{seconds:.1f} s"
