"""`lastack sim`: a TCP in virtual time, of several operating systems."""

import argparse
import sys
from pathlib import Path
from typing import Final

from lastack.cli._refusal import refuse, trouble
from lastack.cli._system_options import add_system_options

NAME: Final = "sim"
HELP: Final = "play endings in virtual time, on Linux, FreeBSD, illumos, macOS, Windows"

_NO_OPTIONS: Final = "\0"
"""No option begins so: `run` takes all words, and reads them once it knows NAME."""

_ONE_SYSTEM: Final = "which one is simulated (default %(default)s)"
_SEED: Final = "of all that is random (default %(default)s)"
_EPILOG: Final = """\
examples:
  lastack sim run delayed-close --os freebsd
  lastack sim run unread-data --compare linux,freebsd,illumos
  lastack sim script tests/sim/scripts/linger_zero.pkt
  lastack sim explore --client close,send --server close,kill

exit codes: 0 as expected, 1 not as expected, 2 wrong usage, 130 interrupted
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `list`, `run`, `script`, `explore` and `tun`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    commands = parser.add_subparsers(dest="do", required=True, metavar="COMMAND")
    commands.add_parser("list", help="the scenarios and the systems, a line each")
    run_parser = commands.add_parser(
        "run",
        help="play a scenario, or compare systems on it",
        prefix_chars=_NO_OPTIONS,
        add_help=False,
    )
    run_parser.add_argument("words", nargs=argparse.REMAINDER)
    script = commands.add_parser("script", help="run packetdrill's scripts")
    script.add_argument(
        "files", nargs="+", type=Path, metavar="FILE.pkt", help="scripts"
    )
    script.add_argument("--os", default="linux", metavar="SYSTEM", help=_ONE_SYSTEM)
    script.add_argument(
        "--kernel",
        action="store_true",
        help="against this host's kernel, in real time (needs root)",
    )
    script.add_argument("--seed", type=int, default=1, metavar="N", help=_SEED)
    explore = commands.add_parser(
        "explore", help="every order of events, with losses: each way it can end"
    )
    _explore_arguments(explore)
    systems = commands.add_parser(
        "systems", help="what is known of each system, how well, and from where"
    )
    systems.add_argument(
        "names",
        nargs="*",
        metavar="SYSTEM",
        help="one: every value with its source; several: where they differ",
    )
    commands.add_parser("rules", help="the rules of the state machine, with their RFCs")
    tun = commands.add_parser(
        "tun", help="be a host on a TUN device, for real programs (needs root)"
    )
    _tun_arguments(tun)


def _explore_arguments(parser: argparse.ArgumentParser) -> None:
    for side in ("client", "server"):
        parser.add_argument(
            f"--{side}",
            default="close",
            metavar="CALLS",
            help=f"what the {side} may call, as close,send (default %(default)s)",
        )
    add_system_options(parser)
    parser.add_argument(
        "--faults",
        type=int,
        default=2,
        metavar="N",
        help="how many segments may suffer at most (default %(default)s)",
    )
    parser.add_argument(
        "--kinds",
        default="lose,duplicate,reorder",
        metavar="KINDS",
        help="what they may suffer (default %(default)s)",
    )
    parser.add_argument(
        "--most",
        type=int,
        default=2_000_000,
        metavar="N",
        help="give up after so many states (default 2,000,000)",
    )
    parser.add_argument(
        "--witness", metavar="N", type=int, help="show the timeline of ending N"
    )
    parser.add_argument(
        "--pcap", type=Path, metavar="DIR", help="write each witness as a capture"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")


def _tun_arguments(parser: argparse.ArgumentParser) -> None:
    role = parser.add_mutually_exclusive_group(required=True)
    role.add_argument("--listen", type=int, metavar="PORT", help="be a server")
    role.add_argument("--connect", type=int, metavar="PORT", help="be a client")
    parser.add_argument("--os", default="linux", metavar="SYSTEM", help=_ONE_SYSTEM)
    parser.add_argument(
        "--calls",
        default="drain,close",
        metavar="CALLS",
        help="what its program calls, as receive,send=200,wait=1.5,close"
        " (default %(default)s)",
    )
    parser.add_argument(
        "--seconds", type=float, default=60, metavar="S", help="at most (default 60)"
    )
    parser.add_argument("--pcap", type=Path, metavar="FILE", help="write the capture")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help=_SEED)
    parser.add_argument(
        "beside",
        nargs=argparse.REMAINDER,
        metavar="COMMAND",
        help="a program to run beside it, alone with it in a network namespace",
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0 if all was as expected, 1 if not, 2 for a wrong request."""
    try:
        if arguments.do == "list":
            return _list()
        if arguments.do == "systems":
            return _systems(arguments.names)
        if arguments.do == "rules":
            return _rules()
        if arguments.do == "run":
            from lastack.cli._sim_run import run_scenario

            return run_scenario(arguments.words)
        if arguments.do == "script":
            from lastack.cli._sim_script import run_scripts

            return run_scripts(arguments)
        if arguments.do == "tun":
            from lastack.cli._sim_tun import run_on_tun

            return run_on_tun(arguments)
        from lastack.cli._sim_explore import run_exploration

        return run_exploration(arguments)
    except BrokenPipeError:
        raise
    except (LookupError, ValueError) as error:
        print(f"lastack: {error.args[0] if error.args else error}", file=sys.stderr)
    except OSError as error:
        return refuse(trouble(error))
    return 2


def _list() -> int:
    from lastack import scenarios
    from lastack.cli._entry import entry
    from lastack.sim import personalities

    slugs = scenarios.names()
    widest = max(map(len, slugs))
    for slug in slugs:
        title = scenarios.page(slug).partition("\n")[0]
        able = not scenarios.load(slug).not_in_sim
        print(entry(slug, f"{title}{'' if able else ' (-)'}", widest))
    print("\n(-) is not simulated; `lastack sim run NAME` says why.\n\nsystems:")
    for name in personalities.names():
        print(f"{name:<{widest}}  {personalities.load(name).title}")
    return 0


def _systems(names: list[str]) -> int:
    from lastack.render import system_table
    from lastack.sim import personalities

    systems = [personalities.load(name) for name in names or personalities.names()]
    if not names:
        lines = system_table.summary_lines(systems)
    elif len(names) == 1:
        lines = system_table.system_lines(systems[0])
    else:
        lines = system_table.comparison_lines(systems)
    for line in lines:
        print(line)
    return 0


def _rules() -> int:
    from lastack.render.system_table import rule_lines
    from lastack.sim.rules import RULES

    for line in rule_lines(RULES):
        print(line)
    return 0
