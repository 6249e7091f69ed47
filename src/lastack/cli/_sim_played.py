"""A scenario played in virtual time, and what explain says of its captures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lastack import scenarios
from lastack.cli._run_options import wire
from lastack.render.claim import claimed, percent
from lastack.sim import personalities
from lastack.sim.run import NotSimulatedError, Run, Surprise, play
from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap
from lastack.tcp.scenario import Scenario, Truth

if TYPE_CHECKING:
    import argparse

    from lastack.diagnosis.explained import Explained
    from lastack.scenarios import Parameter

VANTAGES: Final = ("client", "wire", "server")
KERNEL: Final = "linux"
"""Whose results and truths the scenarios have where they name no other."""
_SIDES: Final = ("client", "server")
_OF_THE_OTHER: Final = frozenset({"fin-unanswered", "handshake-incomplete"})
"""Endings that are charged to the side to which the other's kernel did it."""
_STREAMS: Final = 7
"""Any seed does for the connection table's hashing: nobody attacks it here."""


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict of explain: the ending, the side, the probability."""

    ending: str
    by: str
    confidence: float

    def agrees(self, truth: Truth, where: str) -> bool:
        """Whether it is what the scenario says of that place, or as true."""
        said = self.ending, self.by
        wanted = truth.at.get(where, (truth.ending, truth.by))
        return said == wanted or said in truth.also

    def __str__(self) -> str:
        """Return the verdict as a line has it."""
        return f"{claimed(self.ending, self.by)}, {percent(self.confidence)}"


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario played by two systems, and the verdicts at the three places.

    `verdicts` has for each connection's name what explain says at each vantage.
    """

    scenario: Scenario
    systems: tuple[str, str]
    run: Run
    verdicts: Mapping[str, Mapping[str, Said]]

    def truth(self, name: str) -> Truth | None:
        """Return the truth of a connection on these systems.

        Another system's truth holds if it is the system of the side that did it.
        """
        truth = self.scenario.truth.get(name)
        if name != "a":
            return truth
        acting = set(self.systems)
        if truth is not None and truth.by in _SIDES:
            side = _SIDES.index(truth.by)
            if truth.ending in _OF_THE_OTHER:
                side = 1 - side
            acting = {self.systems[side]}
        for system in acting & self.scenario.elsewhere.keys():
            return self.scenario.elsewhere[system]
        return truth

    def is_wrong(self, surprise: Surprise) -> bool:
        """Whether a surprise contradicts the scenario, or is another system's way.

        What a scenario expects of a system it expects of two hosts that have it.
        """
        client, server = self.systems
        return client == server and (surprise.particular or client == KERNEL)


def play_scenario(
    scenario: Scenario,
    given: "Mapping[str, Parameter]",
    pair: tuple[str, str],
    options: "argparse.Namespace",
) -> Played:
    """Play `scenario` on a pair of systems; raises ValueError where it cannot be.

    `options` are those of `lastack sim run`: seed, delay, jitter, loss, duplicate.
    """
    scenario = replace(scenario, wire=wire(scenario, options))
    try:
        run = play(
            scenario,
            scenarios.steps_of(scenario, **given),
            client=personalities.load(pair[0]),
            server=personalities.load(pair[1]),
            seed=options.seed,
        )
    except NotSimulatedError as error:
        raise ValueError(str(error)) from None
    return Played(scenario, pair, run, _verdicts(run))


def _verdicts(run: Run) -> dict[str, dict[str, Said]]:
    """Return by connection and vantage what explain says of the captures."""
    said: dict[str, dict[str, Said]] = {}
    for vantage in VANTAGES:
        octets = pcap(run.events, where=vantage, client=CLIENT_ADDRESS)
        explained = explain(octets)
        # Connections that reuse addresses and ports come in the same order.
        names: dict[frozenset[int], list[str]] = {}
        for name, ends in run.ends.items():
            ports = frozenset((ends.client.port, ends.server.port))
            names.setdefault(ports, []).append(name)
        for stream, connection in enumerate(explained.connections):
            waiting = names.get(frozenset((connection.port0, connection.port1)), [])
            name = waiting.pop(0) if waiting else f"stream {stream}"
            first = explained.judgements[stream].first
            verdict = Said(first.slug, first.by, first.probability)
            said.setdefault(name, {})[vantage] = verdict
    return said


def explain(octets: bytes) -> "Explained":
    """Judge a capture that is in memory."""
    from lastack.connections.scan import Scan
    from lastack.connections.table import ConnectionTable
    from lastack.diagnosis.explained import Explained
    from lastack.wire.files import detect

    form = detect(octets[:16])
    assert form is not None
    scan = Scan(form.reader(), ConnectionTable(_STREAMS))
    scan.run(bytearray(octets), 0, len(octets))
    return Explained("simulated", scan)
