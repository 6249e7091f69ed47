"""What tshark reads in a capture, frame by frame."""

import subprocess
from pathlib import Path
from typing import NamedTuple


class Line(NamedTuple):
    """frame.number, frame.len, frame.cap_len, frame.time_epoch in nanoseconds."""

    number: int
    original: int
    captured: int
    time: int


def tshark(program: str, path: Path) -> list[Line]:
    """Return what tshark prints about each frame of `path`."""
    fields = ["frame.number", "frame.len", "frame.cap_len", "frame.time_epoch"]
    printed = subprocess.run(
        [program, "-n", "-r", str(path), "-T", "fields"]
        + [argument for field in fields for argument in ("-e", field)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [_line(*row.split("\t")) for row in printed.splitlines()]


def _line(number: str, original: str, captured: str, epoch: str) -> Line:
    seconds, _, fraction = epoch.partition(".")
    time = int(seconds) * 1_000_000_000 + int(fraction.ljust(9, "0"))
    return Line(int(number), int(original), int(captured), time)
