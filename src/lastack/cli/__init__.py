"""The command `lastack`: each module here is one command, found by its file.

A module defines `NAME`, `HELP`, `add_arguments(parser)` and `run(arguments)`,
which returns the exit code. Only the module of the command that was asked for
is imported, so that each starts fast. One that defines `ENDS_AT_ONCE` has its
process end without taking its memory apart.
"""

import argparse
import os
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from lastack import __version__

if TYPE_CHECKING:
    from types import ModuleType

DONE = 0
FOUND = 1
USAGE = 2
UNREADABLE = 3
INTERRUPTED = 130


def commands() -> list[str]:
    """Return the names of all commands, in alphabetical order."""
    return sorted(
        module.name.replace("_", "-")
        for module in iter_modules(__path__)
        if not module.name.startswith("_")
    )


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code.

    0 done, 1 something that `--fail-on` names was found, 2 wrong usage, 3 an
    unreadable capture, 130 interrupted.
    """
    given = sys.argv[1:] if arguments is None else arguments
    try:
        module, code = _run(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader, `head` perhaps, has enough. Nothing more is to be flushed.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = DONE
    else:
        if arguments is None and getattr(module, "ENDS_AT_ONCE", False):
            os._exit(code)
    return code


def _run(given: list[str]) -> "tuple[ModuleType, int]":
    known = commands()
    parser = argparse.ArgumentParser(
        prog="lastack",
        description="Tells why a TCP connection ended, who ended it, what to do.",
        epilog="lastack COMMAND --help explains a command.",
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
    modules: dict[str, ModuleType] = {}
    for name in names:
        module = import_module(f"{__name__}.{name.replace('-', '_')}")
        modules[name] = module
        module.add_arguments(
            subparsers.add_parser(name, help=module.HELP, description=module.HELP)
        )
    parsed = parser.parse_args(given)
    module = modules[parsed.command]
    return module, module.run(parsed)
