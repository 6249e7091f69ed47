"""The command `lastack` as a process of its own, as a shell starts it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import lastack

PROJECT = Path(__file__).parents[2]
CAPTURES = PROJECT / "captures"
SHIPPED = sorted(path.name for path in CAPTURES.glob("*.pcap"))

EMPTY: Mapping[str, str] = MappingProxyType({})
_QUIET = {"NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS"}


def command(*arguments: str | Path) -> list[str]:
    """Return the command line of `lastack` with these arguments."""
    return [sys.executable, "-m", "lastack", *map(str, arguments)]


def environment(more: Mapping[str, str] = EMPTY) -> dict[str, str]:
    """Return an environment in which only `more` speaks for or against colours."""
    plain = {name: value for name, value in os.environ.items() if name not in _QUIET}
    home = str(Path(lastack.__file__).parents[1])
    return plain | {"PYTHONPATH": home, "TERM": "xterm", "COLUMNS": "80", **more}


def run(
    *arguments: str | Path, stdin: bytes = b"", more: Mapping[str, str] = EMPTY
) -> subprocess.CompletedProcess[bytes]:
    """Run it among the shipped captures, `stdin` in a pipe, `more` its variables."""
    return subprocess.run(
        command(*arguments),
        cwd=CAPTURES,
        input=stdin,
        capture_output=True,
        env=environment(more),
        timeout=60,
        check=False,
    )


def text(*arguments: str | Path, code: int = 0) -> str:
    """Return what it prints, once its exit code is as expected."""
    finished = run(*arguments)
    assert finished.returncode == code, finished.stderr.decode()
    return finished.stdout.decode()
