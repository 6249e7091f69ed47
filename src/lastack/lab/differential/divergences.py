"""What is known to differ: scripts of the kernel's behaviour, each with its reason.

A script begins with comments: its reason, and the kinds of divergence that it
stands for, as patterns of the shell:

    // The simulator does not undo what a spurious timeout did to its window.
    // kind: *: < .+data -> nothing / P.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

_KIND: Final = "// kind: "


@dataclass(frozen=True, slots=True)
class Divergence:
    """One that is listed; `text` is its script."""

    name: str
    reason: str
    kinds: tuple[str, ...]
    text: str


def load_all(folder: Path) -> list[Divergence]:
    """Return what the scripts of a folder list, by name."""
    return [_load(path) for path in sorted(folder.glob("*.pkt"))]


def _load(path: Path) -> Divergence:
    text = path.read_text()
    lines = text.splitlines()
    kinds = [it.removeprefix(_KIND) for it in lines if it.startswith(_KIND)]
    reason = [
        it.removeprefix("//").strip()
        for it in lines
        if it.startswith("//") and not it.startswith(_KIND)
    ]
    return Divergence(path.stem, " ".join(reason), tuple(kinds), text)


def listed(kind: str, divergences: Iterable[Divergence]) -> str:
    """Return the name under which a kind of divergence is listed, or nothing."""
    for it in divergences:
        if any(fnmatchcase(kind, pattern) for pattern in it.kinds):
            return it.name
    return ""
