"""Numbers as a person types them: `50ms`, `1%`, `300k`."""

import argparse
import re
from typing import Final

_TIMES: Final = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "": 1.0}
_SIZES: Final = {"": 1, "k": 1000, "M": 1_000_000, "Ki": 1024, "Mi": 1 << 20}
_WHOLE: Final = re.compile(r"-?\d+")
_NUMBER: Final = re.compile(r"(-?\d+(?:\.\d+)?)\s*([A-Za-z%]*)")


class NotReadableError(argparse.ArgumentTypeError, ValueError):
    """What was typed is no such number; the message says what would be one."""


def _parts(text: str, what: str) -> tuple[float, str]:
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise NotReadableError(f"{text!r} is no {what}")
    return float(found[1]), found[2]


def seconds(text: str) -> float:
    """Return a time in seconds: `50ms`, `1.5`, `2s`."""
    number, unit = _parts(text, "time, as 50ms or 1.5s")
    if unit not in _TIMES or number < 0:
        raise NotReadableError(f"{text!r} is no time, as 50ms or 1.5s")
    return number * _TIMES[unit]


def probability(text: str) -> float:
    """Return a probability 0..1: `1%`, `0.01`."""
    number, unit = _parts(text, "share, as 1% or 0.01")
    number = number / 100 if unit == "%" else number
    if unit not in {"", "%"} or not 0 <= number <= 1:
        raise NotReadableError(f"{text!r} is no share, as 1% or 0.01")
    return number


def size(text: str) -> int:
    """Return a number of octets: `300k`, `1M`, `4096`."""
    number, unit = _parts(text, "size, as 300k")
    if unit not in _SIZES or number < 0:
        raise NotReadableError(f"{text!r} is no size, as 300k")
    return round(number * _SIZES[unit])


def positive(text: str) -> int:
    """Return a whole number from 1 on."""
    if not text.isdecimal() or not text.isascii() or int(text) < 1:
        raise NotReadableError(f"{text!r} is no number from 1 on")
    return int(text)


def like(default: float | str, text: str) -> float | str:
    """Return `text` as a value of the kind that `default` is."""
    if isinstance(default, bool):
        return text not in {"0", "no", "false"}
    if isinstance(default, int):
        return int(text) if _WHOLE.fullmatch(text) else size(text)
    if isinstance(default, float):
        return seconds(text)
    return text
