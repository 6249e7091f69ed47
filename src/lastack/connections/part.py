"""Which file of a rotated capture holds a frame that is numbered through them all."""

from bisect import bisect_right
from collections.abc import Sequence


class Part:
    """One file of a rotated capture, and how many frames come before it."""

    def __init__(self, name: str, before: int) -> None:
        self.name = name
        self.before = before


def part_of(parts: Sequence[Part], frame: int) -> Part:
    """Return the file of a frame that is numbered through all files, from 1."""
    after = bisect_right(parts, frame - 1, key=lambda part: part.before)
    return parts[max(0, after - 1)]
