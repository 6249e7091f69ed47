"""All probes of a server, one after another, and the report of what they told."""

from collections.abc import Callable, Iterable

import msgspec

from lastack.check.connection import ConnectError, End
from lastack.check.probe import AnyProbe, CannotProbeError, Judgement, Verdict, bad
from lastack.check.server import Server, TooManyConnectionsError
from lastack.check.traced_calls import named_address

SCHEMA_VERSION = 1


class Finding(msgspec.Struct, frozen=True):
    """What one probe told; `observed` are the numbers behind it."""

    probe: str
    did: str
    server_did: str
    verdict: Verdict
    why: str
    change: str
    observed: msgspec.Struct | None


class Report(msgspec.Struct, frozen=True):
    """What a check of one server found."""

    version: int
    target: str
    address: str
    speech: str
    connections: int
    findings: list[Finding]

    @property
    def bad(self) -> list[Finding]:
        """The findings for which something should be changed."""
        return [each for each in self.findings if each.verdict is Verdict.BAD]


class NoAnswerError(Exception):
    """The server does not answer a normal request; the message is one line."""


def examine(
    server: Server,
    probes: dict[str, AnyProbe],
    target: str,
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Run `probes` in order.

    `progress` is told each probe's title before it runs. Raises NoAnswerError, and
    TooManyConnectionsError before the first connection where the probes could open more
    than the server's limit.
    """
    planned = planned_connections(server, probes.values())
    server.count(planned)  # refuses before anything is sent
    server.opened -= planned
    where = named_address(server.address)
    try:
        normal = server.learn()
    except ConnectError as failed:
        raise NoAnswerError(f"{where}: no connection ({failed})") from failed
    if not normal.answer.complete:
        raise NoAnswerError(
            f"{where}: no whole answer to a normal request; the server "
            f"{_how(normal.end)}. Another protocol than HTTP/1.1 takes --send"
        )
    findings = []
    for name, probe in probes.items():
        progress(probe.title)
        observed, judgement = _run(server, probe)
        findings.append(
            Finding(
                probe=name,
                did=probe.title,
                server_did=judgement.server_did,
                verdict=judgement.verdict,
                why=judgement.why,
                change=judgement.change,
                observed=observed,
            )
        )
    return Report(
        version=SCHEMA_VERSION,
        target=target,
        address=where,
        speech=server.speech.name,
        connections=server.opened,
        findings=findings,
    )


def planned_connections(server: Server, probes: Iterable[AnyProbe]) -> int:
    """Return the most connections that `probes` and the first exchange open."""
    return 1 + sum(probe.connections(server.settings) for probe in probes)


def _run(server: Server, probe: AnyProbe) -> tuple[msgspec.Struct | None, Judgement]:
    try:
        observed = probe.observe(server)
    except CannotProbeError as error:
        return None, Judgement(Verdict.SKIPPED, str(error))
    except ConnectError as failed:
        return None, bad(
            f"accepted no connection ({failed})",
            "Something that came before has stopped it from accepting.",
            "Look for what it was doing: the probes before this one, and its log.",
        )
    return observed, probe.judge(observed, server.settings)


def _how(end: End) -> str:
    return "said nothing more" if end in {End.OPEN, End.ENOUGH} else end.value


__all__ = [
    "Finding",
    "NoAnswerError",
    "Report",
    "TooManyConnectionsError",
    "examine",
    "planned_connections",
]
