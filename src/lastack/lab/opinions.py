"""What `lastack explain` says of a laboratory's captures.

It is asked as its users ask it, as a command that is given files and nothing
else: the judge must not know what the laboratory knows.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lastack.tcp.segment import Address


@dataclass(frozen=True, slots=True)
class Opinion:
    """One verdict, as far as it is scored: (ending, by, confidence) come first.

    `ranked` has the verdict and its alternatives, most probable first.
    """

    capture: str
    client: Address
    server: Address
    summary: str
    ranked: tuple[tuple[str, str, float], ...]


class NoOpinionError(Exception):
    """`lastack explain` could not be asked."""


def opinions(captures: Sequence[Path]) -> Iterator[Opinion]:
    """Yield the verdicts on every connection of `captures`.

    Raises NoOpinionError where explain is not there or ends with an error.
    """
    asked = subprocess.run(
        [sys.executable, "-m", "lastack", "explain", "--jsonl", *map(str, captures)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    if not asked.stdout and asked.stderr:
        raise NoOpinionError(asked.stderr.strip().splitlines()[-1])
    for line in asked.stdout.splitlines():
        said = json.loads(line)
        ranked = [said, *said["alternatives"]]
        yield Opinion(
            said["capture"],
            Address(said["client"]["address"], said["client"]["port"]),
            Address(said["server"]["address"], said["server"]["port"]),
            said["summary"],
            tuple((it["ending"], it["by"], it["confidence"]) for it in ranked),
        )
