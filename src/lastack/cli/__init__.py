"""The command `lastack`: each module here is one command, found by its file.

A module defines `NAME`, `HELP`, `add_arguments(parser)` and `run(arguments)`,
which returns the exit code. Only the module of the command that was asked for
is imported, so that each starts fast. One that defines `ENDS_AT_ONCE` has its
process end without taking its memory apart. One that defines `Arguments` is given
one of them, with the words after its name, where none of these is an option: that
needs no parser.
"""

import errno
import gc
import os
import sys
from importlib import import_module

from lastack.folder import modules

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from argparse import Namespace
    from types import ModuleType

DONE = 0
FOUND = 1
USAGE = 2
UNREADABLE = 3
INTERRUPTED = 130

_CLOSED = "lastack: standard output is closed, so nothing was done; try >/dev/null"
_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def commands() -> list[str]:
    """Return the names of all commands, in alphabetical order."""
    return [name.replace("_", "-") for name in modules(__path__)]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code.

    0 done, 1 something that `--fail-on` names was found, 2 wrong usage, 3 an
    unreadable capture or output that cannot be written, 130 interrupted.
    """
    if sys.stderr is None:  # the process was started with 2>&-
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        print(_CLOSED, file=sys.stderr)
        return UNREADABLE
    given = sys.argv[1:] if arguments is None else arguments
    if arguments is None:
        # All that a command imports stays: no garbage is to be found among it.
        gc.disable()
    try:
        module, parsed = _asked(given)
        ends_at_once = getattr(module, "ENDS_AT_ONCE", False)
        if arguments is None and not ends_at_once:
            gc.enable()
        code: int = module.run(parsed)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader, `head` perhaps, has enough.
        _flush_no_more()
        code = DONE
    except OSError as error:
        if error.errno not in _UNWRITABLE:
            raise
        _flush_no_more()
        print(f"lastack: writing failed: {error.strerror}", file=sys.stderr)
        code = UNREADABLE
    else:
        if arguments is None and ends_at_once:
            os._exit(code)
    return code


def _flush_no_more() -> None:
    """Let what is still to be written to standard output go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _asked(given: list[str]) -> "tuple[ModuleType, Namespace]":
    """Import the command that was asked for; return it and what was given it."""
    words = given[1:]
    if given and given[0] in commands():
        module = import_command(given[0])
        plain = getattr(module, "Arguments", None)
        if plain is not None and not any(
            word.startswith("-") and word != "-" for word in words
        ):
            return module, plain(words)
    from lastack.cli._parser import parse

    return parse(given)


def import_command(name: str) -> "ModuleType":
    """Return the module of the command `name`."""
    return import_module(f"{__name__}.{name.replace('-', '_')}")
