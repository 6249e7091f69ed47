"""The command `lastack`: each module here is one command, found by its file.

A module defines `NAME`, `HELP`, `add_arguments(parser)` and `run(arguments)`,
which returns the exit code. Only the module of the command that was asked for
is imported, so that each starts fast. One that defines `ENDS_AT_ONCE` has its
process end without taking its memory apart.
"""

import argparse
import gc
import os
import sys
from importlib import import_module

from lastack import __version__
from lastack.folder import modules

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from types import ModuleType

DONE = 0
FOUND = 1
USAGE = 2
UNREADABLE = 3
INTERRUPTED = 130


class Help(argparse.RawDescriptionHelpFormatter):
    """Help of 80 columns: to ask how wide the terminal is, argparse loads shutil."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=78)


def commands() -> list[str]:
    """Return the names of all commands, in alphabetical order."""
    return [name.replace("_", "-") for name in modules(__path__)]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code.

    0 done, 1 something that `--fail-on` names was found, 2 wrong usage, 3 an
    unreadable capture, 130 interrupted.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if arguments is None:
        # All that a command imports stays: no garbage is to be found among it.
        gc.disable()
    try:
        module, parsed = _parse(given)
        ends_at_once = getattr(module, "ENDS_AT_ONCE", False)
        if arguments is None and not ends_at_once:
            gc.enable()
        code: int = module.run(parsed)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader, `head` perhaps, has enough. Nothing more is to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = DONE
    else:
        if arguments is None and ends_at_once:
            os._exit(code)
    return code


def _parse(given: list[str]) -> "tuple[ModuleType, argparse.Namespace]":
    """Import the command that was asked for; return it and what was given it."""
    known = commands()
    parser = argparse.ArgumentParser(
        prog="lastack",
        description="Tells why a TCP connection ended, who ended it, what to do.",
        epilog="lastack COMMAND --help explains a command.",
        formatter_class=Help,
    )
    parser.add_argument("--version", action="version", version=f"lastack {__version__}")
    chosen = next((word for word in given if not word.startswith("-")), None)
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
        module = import_module(f"{__name__}.{name.replace('-', '_')}")
        imported[name] = module
        module.add_arguments(
            subparsers.add_parser(
                name, help=module.HELP, description=module.HELP, formatter_class=Help
            )
        )
    parsed = parser.parse_args(given)
    return imported[parsed.command], parsed
