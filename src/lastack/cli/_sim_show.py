"""What `lastack sim run` prints of a scenario: timeline, rules, truth, verdicts."""

from dataclasses import asdict
from textwrap import wrap
from typing import Final

from lastack import scenarios
from lastack.cli._sim_played import Played
from lastack.render.claim import claimed
from lastack.sim import personalities
from lastack.tcp.error_numbers import ERROR_NUMBERS

_WIDTH: Final = 80
_INDENT: Final = 19
_SECOND: Final = 1_000_000_000


def show(played: Played, *, truss: bool, rules: bool) -> None:
    """Print the timeline, the truth, and what explain says."""
    from lastack.render.timeline import timeline_lines

    slug = played.scenario.slug
    print(f"{slug}\n\n{scenarios.page(slug)}\n")
    client, server = (personalities.load(it).title for it in played.systems)
    print(f"client: {client}, server: {server}\n")
    names = {ends.client: name for name, ends in played.run.ends.items()}
    hosts = dict(zip(("client", "server"), played.systems, strict=True))
    numbers = {host: ERROR_NUMBERS[system] for host, system in hosts.items()}
    for line in timeline_lines(
        played.run.events, names=names, truss=numbers if truss else None
    ):
        print(line)
    for name, said in played.verdicts.items():
        truth = played.truth(name)
        ends = played.run.ends.get(name)
        print(f"\n{name}: {f'{ends.client} > {ends.server}' if ends else ''}")
        if truth is not None:
            print(f"  truth   {claimed(truth.ending, truth.by)}")
        for vantage, verdict in said.items():
            print(f"  {vantage:<7} {verdict}")
    if rules:
        print()
        _show_rules(played)
    if played.run.surprises:
        print()
    for surprise in played.run.surprises:
        what = "UNEXPECTED" if played.is_wrong(surprise) else "unlike Linux"
        for line in wrap(f"{what}: {surprise}", _WIDTH, subsequent_indent="  "):
            print(line)


def document(played: Played) -> dict[str, object]:
    """Return everything about a run, for JSON."""
    from lastack.render.timeline_rows import timeline_rows

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
        "events": timeline_rows(played.run.events),
        "transitions": transitions,
        "connections": connections,
        "unexpected": [str(it) for it in surprises if played.is_wrong(it)],
        "unlike_linux": [str(it) for it in surprises if not played.is_wrong(it)],
    }


def _show_rules(played: Played) -> None:
    """Print each change of state, with the rule that made it and its clause."""
    moves = [
        (host, move)
        for host, those in played.run.transitions.items()
        for _, move in those
    ]
    moves.sort(key=lambda it: it[1].time)
    start = min((event.time for event in played.run.events), default=0)
    for host, move in moves:
        when = (move.time - start) / _SECOND
        line = (
            f"{when:10.6f} {host:<7} {move.before.value} -> {move.after.value}: "
            f"{move.rule.name} ({move.rule.clause})"
        )
        if move.source:
            line += f"; {move.source}"
        for part in wrap(line, _WIDTH, subsequent_indent=" " * _INDENT):
            print(part)
