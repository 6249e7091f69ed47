"""The options of `lab run` and `sim run`: every scenario's, and the named one's own.

A scenario has parameters of its own, `--linger 5`. So the words are read twice:
first for its name, then with the options that it has.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from lastack import scenarios
from lastack.cli._one_line_parser import Parser
from lastack.cli._quantities import like, probability, seconds
from lastack.tcp.scenario import Scenario, Wire

if TYPE_CHECKING:
    from lastack.scenarios import Parameter

_OWN = "own_"
"""Begins the destination of a scenario's own option: none is overwritten by it."""


def add_wire_options(parser: argparse.ArgumentParser, *, seed: int) -> None:
    """Add what may be changed on any scenario's wire; `seed` is the default."""
    parser.add_argument(
        "--delay", type=seconds, metavar="TIME", help="delay of the wire one way, 50ms"
    )
    parser.add_argument(
        "--jitter", type=seconds, metavar="TIME", help="and up to so much, at random"
    )
    parser.add_argument(
        "--loss", type=probability, metavar="SHARE", help="segments it loses, 1%%"
    )
    parser.add_argument(
        "--duplicate",
        type=probability,
        metavar="SHARE",
        help="segments it passes on twice, 1%%",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=seed,
        metavar="N",
        help="of all that is random (default %(default)s)",
    )


def wire(scenario: Scenario, options: argparse.Namespace) -> Wire:
    """Return the scenario's wire with what the options change."""
    asked = {
        "delay": options.delay,
        "jitter": options.jitter,
        "loss": options.loss,
        "duplication": options.duplicate,
    }
    changes = {name: value for name, value in asked.items() if value is not None}
    return replace(scenario.wire, **changes)


def read(
    program: str, common: argparse.ArgumentParser, words: Sequence[str]
) -> "tuple[argparse.Namespace, dict[str, Parameter]]":
    """Return the options, and the values of the scenario's own parameters.

    `program` is `lastack lab run`, `common` has the options of every scenario,
    `--all` among them. Exits with 2 where the words make no sense, with 0 after
    help; raises LookupError for a scenario that does not exist.
    """
    listed = f"({program.rsplit(' ', 1)[0]} list)"
    first = Parser(program, parents=[common], allow_abbrev=False, add_help=False)
    first.add_argument("name", nargs="?", metavar="NAME")
    named = first.parse_known_args(words)[0]
    if named.name is None or named.all:
        usage = Parser(program, parents=[common], allow_abbrev=False)
        usage.add_argument(
            "name",
            nargs="?",
            metavar="NAME",
            help=f"a scenario; {program} NAME --help tells what its own options are",
        )
        options = usage.parse_args(words)
        if (options.name is None) == (not options.all):
            usage.error(f"name one scenario, or --all {listed}")
        return options, {}
    try:
        scenario = scenarios.load(named.name)
    except LookupError as error:
        raise LookupError(f"{error.args[0]} {listed}") from None
    parser = Parser(
        f"{program} {named.name}",
        parents=[common],
        allow_abbrev=False,
        description=scenarios.page(named.name),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help=argparse.SUPPRESS)
    own = parser.add_argument_group("the scenario's own, with what they are")
    known = scenarios.parameters(scenario)
    for parameter, default in known.items():
        own.add_argument(
            f"--{parameter.replace('_', '-')}",
            dest=f"{_OWN}{parameter}",
            metavar=str(default),
            type=partial(like, default),
        )
    options = parser.parse_args(words)
    given = {name: getattr(options, f"{_OWN}{name}") for name in known}
    return options, {name: value for name, value in given.items() if value is not None}
