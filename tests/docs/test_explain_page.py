"""docs/explain.md shows what is printed, and explains all that may be."""

import re
import shlex
import subprocess
from typing import Final

from lastack.diagnosis.notes import NOTES
from tests.cli.process import PROJECT, command, environment

PAGE: Final = (PROJECT / "docs" / "explain.md").read_text(encoding="utf-8")


def printed(line: str) -> str:
    """Return what a command line prints in the project's folder."""
    return subprocess.run(
        command(*shlex.split(line)[1:]),
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(),
        timeout=60,
        check=True,
        text=True,
    ).stdout


def test_it_shows_what_is_printed() -> None:
    """Each command with output on the page prints that, to the letter."""
    blocks = re.findall(r"```console\n\$ (lastack .*)\n((?:.*\n)*?)```", PAGE)
    assert blocks
    assert [line for line, shown in blocks if printed(line) != shown] == []


def test_every_note_is_explained() -> None:
    """The table of notes has each note, and no other."""
    table = PAGE[PAGE.index("| note |") : PAGE.index("## To capture")]
    assert re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE) == list(NOTES)


def test_it_wraps_at_80_columns() -> None:
    """Outside of tables no line is wider than a terminal."""
    lines = [line for line in PAGE.splitlines() if not line.startswith("|")]
    assert [line for line in lines if len(line) > 80] == []
