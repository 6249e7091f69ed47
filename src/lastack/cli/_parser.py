"""What the command line says, where it has options: argparse, loaded for these only.

It takes a third of the time in which `lastack explain` starts.
"""

import argparse
import os.path
import sys
from types import ModuleType

from lastack import __version__
from lastack.cli import commands, import_command
from lastack.cli._one_line_parser import CommandParser


class Help(argparse.RawDescriptionHelpFormatter):
    """Help of 80 columns: to ask how wide the terminal is, argparse loads shutil."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=78)


def parse(given: list[str]) -> tuple[ModuleType, argparse.Namespace]:
    """Import the command that was asked for; return it and what was given it.

    Exits with 2, and says why, where the words make no sense; with 0 after help.
    """
    known = commands()
    parser = CommandParser(
        prog="lastack",
        description="Tells why a TCP connection ended, who ended it, what to do.",
        epilog="lastack COMMAND --help explains a command.",
        formatter_class=Help,
    )
    parser.add_argument("--version", action="version", version=f"lastack {__version__}")
    chosen = next((word for word in given if not word.startswith("-")), None)
    if chosen is not None and chosen not in known and not {"-h", "--help"} & {*given}:
        parser.error(f"{chosen!r}: no such command{_meant(chosen, known)}")
    if chosen is None and given and not {"-h", "--help", "--version"} & {*given}:
        parser.error(f"name a command: {', '.join(known)}")
    names = [chosen] if chosen in known else known
    subparsers = parser.add_subparsers(
        dest="command",
        metavar="COMMAND",
        required=True,
        title="commands",
        prog="lastack",  # to find it out, argparse would load shutil
    )
    imported: dict[str, ModuleType] = {}
    for name in names:
        module = import_command(name)
        imported[name] = module
        module.add_arguments(
            subparsers.add_parser(
                name, help=module.HELP, description=module.HELP, formatter_class=Help
            )
        )
    if not given:
        parser.print_help(sys.stderr)
        sys.exit(2)
    parsed = parser.parse_args(given)
    return imported[parsed.command], parsed


def _meant(word: str, known: list[str]) -> str:
    """Return what a word in the place of a command may have been meant to be."""
    if os.path.exists(word):
        return "; a capture is explained by: lastack explain FILE"
    from difflib import get_close_matches

    near = get_close_matches(word, known, 1)
    return f"; is it {near[0]}?" if near else f"; it is one of {', '.join(known)}"
