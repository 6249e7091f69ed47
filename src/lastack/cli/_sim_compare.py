"""`lastack sim run --compare` and `--all`: several systems, and every scenario."""

import argparse
import json
import shutil
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

from lastack import scenarios
from lastack.cli._entry import entry
from lastack.cli._sim_played import Played, play_scenario
from lastack.cli._sim_show import document
from lastack.cli._system_options import chosen_systems
from lastack.render.claim import claimed
from lastack.tcp.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lastack.scenarios import Parameter

_MOST_COMPARED: Final = 6
_WIDEST: Final = len("REFUSED")
_NARROW: Final = 80
_WIDE: Final = 132


def compare(
    scenario: Scenario, options: argparse.Namespace, given: "Mapping[str, Parameter]"
) -> int:
    """Print where the systems of `--compare` differ on a scenario."""
    from lastack.render.side_by_side import side_by_side

    systems = options.compare.split(",")
    if len(set(systems)) < 2 or len(systems) > _MOST_COMPARED:
        raise ValueError(f"--compare takes 2 to {_MOST_COMPARED} different systems")
    all_played = {
        system: play_scenario(
            scenario,
            given,
            (options.client_os or system, options.server_os or system),
            options,
        )
        for system in systems
    }
    if options.json:
        json.dump([document(it) for it in all_played.values()], sys.stdout, indent=2)
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
            if (
                truth is not None
                and verdict is not None
                and not verdict.agrees(truth, "wire")
            ):
                print(f"  {'':<8} but in truth {claimed(truth.ending, truth.by)}")
    return 0


def play_all(options: argparse.Namespace) -> int:
    """Play every scenario; 1 if a call gave what contradicts one."""
    pair = chosen_systems(options)
    counts: Counter[str] = Counter()
    for slug in scenarios.names():
        scenario = scenarios.load(slug)
        if scenario.not_in_sim:
            print(entry("-", f"{slug}: {scenario.not_in_sim}", _WIDEST))
            counts["not simulated"] += 1
            continue
        played = play_scenario(scenario, {}, pair, options)
        wrong = [it for it in played.run.surprises if played.is_wrong(it)]
        counts["REFUSED" if wrong else "ok"] += 1
        verdict = "REFUSED" if wrong else "ok"
        print(entry(verdict, f"{slug}  {_in_short(played)}", _WIDEST))
        for surprise in wrong:
            print(entry("", str(surprise), _WIDEST))
    print(
        f"{counts['ok']} as they should be, {counts['REFUSED']} not, "
        f"{counts['not simulated']} not simulated"
    )
    return 1 if counts["REFUSED"] else 0


def _in_short(played: Played) -> str:
    """The truth of each connection, and where explain says something else."""
    told = []
    for name in played.scenario.truth:
        truth = played.truth(name)
        verdict = played.verdicts.get(name, {}).get("wire")
        assert truth is not None
        text = claimed(truth.ending, truth.by)
        if verdict is not None and not verdict.agrees(truth, "wire"):
            text += f" (explain: {verdict})"
        told.append(text)
    return ", ".join(told)
