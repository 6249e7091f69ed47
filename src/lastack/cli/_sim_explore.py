"""`lastack sim explore`: every way in which a few calls and faults can end."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from textwrap import wrap
from typing import Final

from lastack.cli._refusal import make_folder
from lastack.cli._sim_played import Said, explain
from lastack.cli._system_options import chosen_systems
from lastack.sim import personalities
from lastack.sim.explore.search import FAULTS, Ending, Explored, Fate, Move, explore
from lastack.sim.explore.side import CALLS, Outcome
from lastack.sim.explore.witness import NAMES, Witness, told_shortly, witness
from lastack.sim.personality import Personality
from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap
from lastack.tcp.notation import trace_text
from lastack.tcp.states import State

_MOST_CALLS: Final = 8
_CELL: Final = 25
_WIDTH: Final = 80
_INDENT: Final = 18


def run_exploration(arguments: argparse.Namespace) -> int:
    """Explore and print a table; 1 if the limit of states came first."""
    calls = (
        _names(arguments.client, CALLS, "call"),
        _names(arguments.server, CALLS, "call"),
    )
    if len(calls[0]) + len(calls[1]) > _MOST_CALLS:
        raise ValueError(f"more than {_MOST_CALLS} calls are not explored")
    if arguments.faults < 0 or arguments.most < 1:
        raise ValueError("--faults and --most take numbers from 0 and 1 on")
    client, server = map(personalities.load, chosen_systems(arguments))
    if arguments.pcap is not None:
        make_folder(arguments.pcap)
    systems = (client, server)
    found = explore(
        *systems,
        calls,
        faults=arguments.faults,
        kinds=_names(arguments.kinds, tuple(FAULTS), "fault"),
        most=arguments.most,
        told=_told if sys.stderr.isatty() else None,
    )
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    witnesses = [witness(*systems, calls, it.path) for it in found.endings]
    if arguments.pcap is not None:
        _write(arguments.pcap, witnesses)
    if arguments.witness is not None:
        return _show_witness(found, witnesses, arguments.witness)
    if arguments.json:
        json.dump(_document(found, witnesses), sys.stdout, indent=2)
        print()
    else:
        _print_table(systems, found, witnesses)
    return 0 if found.whole else 1


def _write(folder: Path, witnesses: Sequence[Witness]) -> None:
    """Write the capture of each witness, named by its ending's number."""
    for number, seen in enumerate(witnesses, start=1):
        octets = pcap(seen.events, where="wire", client=CLIENT_ADDRESS)
        (folder / f"{number:02}.pcap").write_bytes(octets)


def _names(text: str, known: Sequence[str], what: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in known:
            raise ValueError(f"no {what} {name!r}; there are {', '.join(known)}")
    return names


def _told(states: int, endings: int) -> None:
    print(f"\r{states} states, {endings} endings", end="", file=sys.stderr)


def _verdict(seen: Witness) -> Said | None:
    """Return what explain says of the witness, captured on the wire."""
    explained = explain(pcap(seen.events, where="wire", client=CLIENT_ADDRESS))
    if not explained.judgements:
        return None
    first = explained.judgements[0].first
    return Said(first.slug, first.by, first.probability)


def _became(outcome: Outcome) -> str:
    """What became of a side: the rule that closed it, else its state."""
    closed = outcome.state is State.CLOSED and outcome.rule
    name = outcome.rule if closed else outcome.state.value
    return " ".join([name, *outcome.saw])


def _print_table(
    systems: tuple[Personality, Personality],
    found: Explored,
    witnesses: Sequence[Witness],
) -> None:
    print(f"client: {systems[0].title}, server: {systems[1].title}")
    print(f"{'#':>3} {'faults':>6} {'steps':>5}  {'client':<{_CELL}} {'server'}")
    for number, (it, seen) in enumerate(
        zip(found.endings, witnesses, strict=True), start=1
    ):
        client, server = _became(it.client), _became(it.server)
        print(
            f"{number:>3} {it.faults:>6} {len(it.path):>5}  {client:<{_CELL}} {server}"
        )
        fate = {Fate.HANGS: "HANGS for ever", Fate.GOES_ON: "goes on for ever"}
        told = [fate[it.fate]] if it.fate in fate else []
        verdict = _verdict(seen)
        if verdict is not None:
            told.append(f"explain: {verdict}")
        print(f"{'':>17} {'; '.join(told)}")
        for line in _wrapped(told_shortly(seen.events)):
            print(f"{'':>{_INDENT}}{line}")
    hangs = sum(it.fate is Fate.HANGS for it in found.endings)
    print(
        f"\n{len(found.endings)} endings, {hangs} for ever; {found.states} states\n"
        f"({found.sides[0]} of the client alone, {found.sides[1]} of the server alone)"
    )
    if not found.whole:
        print("Not whole: the limit of states came first (--most).")


def _wrapped(text: str) -> list[str]:
    """Wrap at commas only."""
    glued = ", ".join(it.replace(" ", "\xa0") for it in text.split(", "))
    return [line.replace("\xa0", " ") for line in wrap(glued, _WIDTH - _INDENT)]


def _show_witness(found: Explored, witnesses: Sequence[Witness], number: int) -> int:
    from lastack.render.timeline import timeline_lines

    if not 1 <= number <= len(witnesses):
        raise ValueError(f"there is no ending {number}; there are {len(witnesses)}")
    for line in timeline_lines(witnesses[number - 1].events):
        print(line)
    ending = found.endings[number - 1]
    for name, outcome in zip(NAMES, (ending.client, ending.server), strict=True):
        print(f"\n{name}: {_became(outcome)}", end="")
    print(f"\n{ending.fate.value}")
    print(f"explain: {_verdict(witnesses[number - 1]) or 'nothing'}")
    return 0


def _document(found: Explored, witnesses: Sequence[Witness]) -> dict[str, object]:
    def side(outcome: Outcome) -> dict[str, object]:
        return {
            "state": outcome.state.value,
            "rule": outcome.rule,
            "saw": list(outcome.saw),
        }

    def row(it: Ending, seen: Witness) -> dict[str, object]:
        verdict = _verdict(seen)
        return {
            "client": side(it.client),
            "server": side(it.server),
            "fate": it.fate.name.lower().replace("_", " "),
            "faults": it.faults,
            "steps": [Move(step.move).name.lower() for step in it.path],
            "explain": asdict(verdict) if verdict else None,
            "trace": trace_text(
                seen.segments, seen.segments[0].source, seen.segments[0].destination
            ).splitlines(),
        }

    return {
        "whole": found.whole,
        "states": found.states,
        "endings": [
            row(it, seen) for it, seen in zip(found.endings, witnesses, strict=True)
        ],
    }
