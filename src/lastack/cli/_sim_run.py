"""`lastack sim run`: a scenario's timeline, its truth, and what explain says of it."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lastack import scenarios
from lastack.cli._sim_compare import compare, play_all
from lastack.cli._sim_played import VANTAGES, play_scenario
from lastack.cli._sim_show import document, show
from lastack.lab.options import like, probability, seconds
from lastack.sim.stage import CLIENT_ADDRESS
from lastack.sim.trace import pcap

if TYPE_CHECKING:
    from lastack.scenarios import Parameter


def run_scenario(words: Sequence[str]) -> int:
    """Play what `words` ask for; 1 if a call gave something unexpected."""
    options, given = _read(words)
    if options.all:
        return play_all(options)
    scenario = scenarios.load(options.name)
    if options.compare:
        return compare(scenario, options, given)
    pair = options.client_os or options.os, options.server_os or options.os
    played = play_scenario(scenario, given, pair, options)
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


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    common.add_argument(
        "--all", action="store_true", help="every scenario, a line each"
    )
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
    common.add_argument(
        "--rules", action="store_true", help="each change of state, and by which RFC"
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
        usage.add_argument(
            "name", nargs="?", metavar="SCENARIO", help="see lastack sim list"
        )
        options = usage.parse_args(words)
        if options.all:
            return options, {}
        usage.error("name a scenario, or --all (see lastack sim list)")
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
