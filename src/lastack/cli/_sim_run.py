"""`lastack sim run`: a scenario's timeline, its truth, and what explain says of it."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from lastack import scenarios
from lastack.cli._run_options import add_wire_options, read
from lastack.cli._sim_compare import compare, play_all
from lastack.cli._sim_played import VANTAGES, play_scenario
from lastack.cli._sim_show import document, show
from lastack.cli._system_options import add_system_options, chosen_systems
from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap


def run_scenario(words: Sequence[str]) -> int:
    """Play what `words` ask for; 1 if a call gave something unexpected."""
    options, given = read("lastack sim run", _common_options(), words)
    if options.all:
        return play_all(options)
    scenario = scenarios.load(options.name)
    if options.compare:
        return compare(scenario, options, given)
    played = play_scenario(scenario, given, chosen_systems(options), options)
    if options.pcap is not None:
        options.pcap.write_bytes(
            pcap(played.run.events, where=options.at, client=CLIENT_ADDRESS)
        )
    if options.json:
        json.dump(document(played), sys.stdout, indent=2)
        print()
    else:
        show(played, truss=options.truss, rules=options.rules)
    return 1 if any(map(played.is_wrong, played.run.surprises)) else 0


def _common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    common.add_argument(
        "--all", action="store_true", help="every scenario, a line each"
    )
    add_system_options(common)
    common.add_argument(
        "--compare",
        metavar="SYSTEMS",
        help="only where these differ, as linux,freebsd",
    )
    add_wire_options(common, seed=1)
    common.add_argument("--pcap", type=Path, metavar="FILE", help="write the capture")
    common.add_argument(
        "--at",
        choices=VANTAGES,
        default="wire",
        help="where --pcap captures (default %(default)s)",
    )
    common.add_argument(
        "--truss",
        action="store_true",
        help="calls as truss prints them, sockets as netstat does",
    )
    common.add_argument(
        "--rules", action="store_true", help="each change of state, and by which RFC"
    )
    common.add_argument("--json", action="store_true", help="one JSON document")
    return common
