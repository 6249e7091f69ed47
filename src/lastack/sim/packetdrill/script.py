"""What a packetdrill script says: events at times, and what each must give."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from lastack.tcp.segment import Options

TOLERANCE: Final = 4_000_000


class ScriptError(Exception):
    """A script is wrong; shows the line, and a caret below the character.

    `line` and `column` count from 1.
    """

    def __init__(self, text: str, at: int, message: str) -> None:
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        self.line = text.count("\n", 0, at) + 1
        self.column = at - start + 1
        # Messages quote the script, and a script is anybody's.
        self.message = _printable(message)
        self.source = _printable(text[start : end if end >= 0 else len(text)])
        super().__init__(f"line {self.line}, column {self.column}: {self.message}")

    def report(self, name: str) -> str:
        """Return the error as a compiler prints it, three lines."""
        caret = " " * (self.column - 1) + "^"
        head = f"{name}:{self.line}:{self.column}: {self.message}"
        return f"{head}\n  {self.source}\n  {caret}"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


# When ------------------------------------------------------------------------


class Clock(Enum):
    """What an event's time counts from."""

    START = "the start of the script"
    BEFORE = "the event before"
    ANY = "nothing: any time will do"


@dataclass(frozen=True, slots=True)
class When:
    """An event's time in nanoseconds: `first`, or from `first` to `last`.

    `returns` is when a call that blocks comes back, counted as `first` is.
    """

    clock: Clock
    first: int = 0
    last: int | None = None
    returns: int | None = None


# What ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name of C: `SOL_SOCKET`, or several with `|` between them."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as a script writes it."""
        return "|".join(self.names)


@dataclass(frozen=True, slots=True)
class Anything:
    """`...`: what the script does not care about."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A call's argument, and at which character of the script it stands."""

    at: int
    value: "int | str | Symbol | Anything | list[Argument] | dict[str, Argument]"


@dataclass(frozen=True, slots=True)
class Call:
    """A system call: `result` and `errno` (empty on success) are expected."""

    name: str
    arguments: tuple[Argument, ...]
    result: int | None
    errno: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """A segment that arrives (`inbound`) or that must be sent.

    Numbers are relative to each side's SYN. What is None is not looked at in a
    segment that is sent; `options` None is `<...>`.
    """

    inbound: bool
    flags: int
    seq: int
    length: int
    ack: int | None
    window: int | None
    options: Options | None = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class IcmpError:
    """An ICMP error that arrives about a segment from sequence number `seq` on."""

    kind: str
    seq: int


@dataclass(frozen=True, slots=True)
class Code:
    """What stands between `%{` and `}%`; `at` is where it begins."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Command:
    """What stands in backticks."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something of a script, from character `at` to `end` of its text."""

    at: int
    end: int
    when: When
    what: Call | Packet | IcmpError | Code | Command


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script; `tolerance` in nanoseconds."""

    text: str
    events: tuple[Event, ...]
    tolerance: int = TOLERANCE

    def source(self, event: Event) -> str:
        """Return the event as it is written, on one line."""
        return " ".join(self.text[event.at : event.end].split())

    def line(self, event: Event) -> int:
        """Return the event's line, from 1 on."""
        return self.text.count("\n", 0, event.at) + 1
