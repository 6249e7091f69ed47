"""`lastack sim run`: a scenario's timeline, its truth, and what explain says of it."""

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from lastack import scenarios
from lastack.lab.options import like, probability, seconds
from lastack.sim import personalities
from lastack.sim.run import NotSimulatedError, Run, Surprise, play
from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap
from lastack.tcp.events import Sent
from lastack.tcp.scenario import Scenario, Truth

if TYPE_CHECKING:
    from lastack.diagnosis.explained import Explained
    from lastack.scenarios import Parameter

VANTAGES: Final = ("client", "wire", "server")
_MOST_COMPARED: Final = 6
_NARROW: Final = 80
_WIDE: Final = 132
_KERNEL: Final = "linux"
"""Whose results the scenarios expect where they name no other."""
_STREAMS: Final = 7
"""Any seed does for the connection table's hashing: nobody attacks it here."""


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict of explain: the ending, the side, the probability."""

    ending: str
    by: str
    confidence: float

    def agrees(self, truth: Truth) -> bool:
        """Whether it is what the scenario says, or as true."""
        said = self.ending, self.by
        return said == (truth.ending, truth.by) or said in truth.also

    def __str__(self) -> str:
        """Return the verdict as a line has it."""
        return f"{self.ending} by {self.by}, {self.confidence:.0%}"


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
        """Return the truth of a connection on these systems."""
        if name == "a":
            for system in self.systems:
                if system in self.scenario.elsewhere:
                    return self.scenario.elsewhere[system]
        return self.scenario.truth.get(name)

    def is_wrong(self, surprise: Surprise) -> bool:
        """Whether a surprise contradicts the scenario, or is another system's way."""
        return surprise.particular or set(self.systems) == {_KERNEL}


def run_scenario(words: Sequence[str]) -> int:
    """Play what `words` ask for; 1 if a call gave something unexpected."""
    options, given = _read(words)
    scenario = scenarios.load(options.name)
    if options.compare:
        return _compare(scenario, options, given)
    pair = options.client_os or options.os, options.server_os or options.os
    played = _play(scenario, given, pair, options)
    if options.pcap is not None:
        options.pcap.write_bytes(
            pcap(played.run.events, where=options.at, client=CLIENT_ADDRESS)
        )
    if options.json:
        json.dump(_document(played), sys.stdout, indent=2)
        print()
    else:
        _show(played, truss=options.truss)
    return 1 if any(map(played.is_wrong, played.run.surprises)) else 0


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    common.add_argument("--os", default="linux", metavar="SYSTEM", help="of both sides")
    common.add_argument("--client-os", metavar="SYSTEM")
    common.add_argument("--server-os", metavar="SYSTEM")
    common.add_argument(
        "--compare", metavar="SYSTEMS", help="where they differ, as linux,freebsd"
    )
    common.add_argument("--seed", type=int, default=1, help="of what is at random")
    common.add_argument("--delay", type=seconds, help="one way, as 50ms")
    common.add_argument("--jitter", type=seconds, help="more delay, at random")
    common.add_argument("--loss", type=probability, help="of segments, as 1%%")
    common.add_argument("--duplicate", type=probability, help="of segments, as 1%%")
    common.add_argument("--pcap", type=Path, metavar="FILE", help="write the capture")
    common.add_argument(
        "--at", choices=VANTAGES, default="wire", help="where it is captured"
    )
    common.add_argument(
        "--truss",
        action="store_true",
        help="calls as truss prints them, sockets as netstat does",
    )
    common.add_argument("--json", action="store_true", help="one JSON document")
    return common


def _read(words: Sequence[str]) -> "tuple[argparse.Namespace, dict[str, Parameter]]":
    """Read the words twice: the scenario decides which further options there are."""
    common = _common()
    first = argparse.ArgumentParser(
        "lastack sim run", parents=[common], allow_abbrev=False, add_help=False
    )
    first.add_argument("name", nargs="?", metavar="SCENARIO")
    name = first.parse_known_args(words)[0].name
    if name is None:
        usage = argparse.ArgumentParser("lastack sim run", parents=[common])
        usage.add_argument("name", metavar="SCENARIO", help="see lastack sim list")
        usage.parse_args(words)
    scenario = scenarios.load(name)
    parser = argparse.ArgumentParser(
        f"lastack sim run {name}",
        parents=[common],
        allow_abbrev=False,
        description=scenarios.page(name),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="SCENARIO")
    own = parser.add_argument_group("the scenario's own")
    known = scenarios.parameters(scenario)
    taken = vars(common.parse_args([]))
    for parameter, default in known.items():
        if parameter in taken:
            continue
        own.add_argument(
            f"--{parameter.replace('_', '-')}",
            dest=f"own_{parameter}",
            metavar=str(default),
        )
    options = parser.parse_args(words)
    given: dict[str, Parameter] = {}
    for parameter, default in known.items():
        text = getattr(options, f"own_{parameter}", None)
        if text is not None:
            given[parameter] = like(default, text)
    return options, given


def _play(
    scenario: Scenario,
    given: "Mapping[str, Parameter]",
    pair: tuple[str, str],
    options: argparse.Namespace,
) -> Played:
    changes = {
        name: value
        for name, value in (
            ("delay", options.delay),
            ("jitter", options.jitter),
            ("loss", options.loss),
            ("duplication", options.duplicate),
        )
        if value is not None
    }
    scenario = replace(scenario, wire=replace(scenario.wire, **changes))
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
    scan.run(bytearray(octets), len(octets))
    return Explained("simulated", scan)


# What is printed -------------------------------------------------------------


def _show(played: Played, *, truss: bool) -> None:
    from lastack.render.timeline import timeline_lines
    from lastack.render.truss import ERRNO

    slug = played.scenario.slug
    print(f"{slug}\n\n{scenarios.page(slug)}\n")
    client, server = (personalities.load(it).title for it in played.systems)
    print(f"client: {client}, server: {server}\n")
    names = {ends.client: name for name, ends in played.run.ends.items()}
    hosts = dict(zip(("client", "server"), played.systems, strict=True))
    numbers = {host: ERRNO[system] for host, system in hosts.items()}
    for line in timeline_lines(
        played.run.events, names=names, truss=numbers if truss else None
    ):
        print(line)
    for name, said in played.verdicts.items():
        truth = played.truth(name)
        ends = played.run.ends.get(name)
        print(f"\n{name}: {f'{ends.client} > {ends.server}' if ends else ''}")
        if truth is not None:
            print(f"  truth   {truth.ending} by {truth.by}")
        for vantage, verdict in said.items():
            print(f"  {vantage:<7} {verdict}")
    if played.run.surprises:
        print()
    for surprise in played.run.surprises:
        what = "UNEXPECTED" if played.is_wrong(surprise) else "unlike Linux"
        for line in wrap(f"{what}: {surprise}", _NARROW, subsequent_indent="  "):
            print(line)


def _document(played: Played) -> dict[str, object]:
    events = []
    for event in played.run.events:
        row: dict[str, object] = {"event": type(event).__name__.lower()}
        fields = asdict(event)
        if isinstance(event, Sent):
            fields["segment"]["payload"] = len(event.segment.payload)
        events.append(row | fields)
    connections = []
    for name, ends in played.run.ends.items():
        truth = played.truth(name)
        connections.append(
            {
                "name": name,
                "client": str(ends.client),
                "server": str(ends.server),
                "ending": truth.ending if truth else None,
                "by": truth.by if truth else None,
                "explain": {
                    vantage: asdict(it)
                    for vantage, it in played.verdicts.get(name, {}).items()
                },
            }
        )
    transitions = [
        {
            "host": host,
            "time": move.time,
            "connection": ends_text,
            "before": move.before.value,
            "after": move.after.value,
            "rule": move.rule.name,
            "clause": move.rule.clause,
            "source": move.source,
        }
        for host, moves in played.run.transitions.items()
        for ends_text, move in moves
    ]
    surprises = played.run.surprises
    return {
        "scenario": played.scenario.slug,
        "client_os": played.systems[0],
        "server_os": played.systems[1],
        "wire": asdict(played.scenario.wire),
        "events": events,
        "transitions": transitions,
        "connections": connections,
        "unexpected": [str(it) for it in surprises if played.is_wrong(it)],
        "unlike_linux": [str(it) for it in surprises if not played.is_wrong(it)],
    }


# --compare -----------------------------------------------------------------------


def _compare(
    scenario: Scenario, options: argparse.Namespace, given: "dict[str, Parameter]"
) -> int:
    from lastack.render.side_by_side import side_by_side

    systems = options.compare.split(",")
    if len(set(systems)) < 2 or len(systems) > _MOST_COMPARED:
        raise ValueError(f"--compare takes 2 to {_MOST_COMPARED} different systems")
    all_played = {
        system: _play(
            scenario,
            given,
            (options.client_os or system, options.server_os or system),
            options,
        )
        for system in systems
    }
    if options.json:
        json.dump([_document(it) for it in all_played.values()], sys.stdout, indent=2)
        print()
        return 0
    print(f"{scenario.slug}\n\n{scenarios.page(scenario.slug)}\n")
    stories = {system: it.run.events for system, it in all_played.items()}
    wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in side_by_side(stories, width=min(max(wide, _NARROW), _WIDE)):
        print(line)
    names = list(dict.fromkeys(n for it in all_played.values() for n in it.verdicts))
    for name in names:
        print(f"\n{name}: what explain says at the wire")
        for system, played in all_played.items():
            verdict = played.verdicts.get(name, {}).get("wire")
            print(f"  {system:<8} {verdict or 'nothing was sent'}")
            truth = played.truth(name)
            if truth is not None and verdict is not None and not verdict.agrees(truth):
                print(f"  {'':<8} but in truth {truth.ending} by {truth.by}")
    return 0
