"""What a sequence says: calls of one program, segments of its peer, and waits.

A segment's numbers are written from what the host would accept next, so that a
sequence means the same when a step before is taken away; `Planned` has them as
packetdrill does, counted from each side's SYN.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from lastack.tcp.flags import flags_text

MS: Final = 1_000_000
"""A millisecond, in nanoseconds as all times are here."""


class Offer(Enum):
    """The options of the peer's SYN."""

    PLAIN = "mss 1460"
    SACK = "mss 1460, SACK"
    FULL = "mss 1460, SACK, timestamps, window scale 7"


class Base(Enum):
    """What a number of a segment counts from."""

    SYN = "the SYN of the side that it numbers"
    NEXT = "RCV.NXT of the host"
    EDGE = "RCV.NXT of the host, and its window"
    UNACKNOWLEDGED = "SND.UNA of the host"
    SENT = "SND.NXT of the host"


@dataclass(frozen=True, slots=True)
class Place:
    """A number of a segment: `offset` octets after its base."""

    base: Base
    offset: int = 0

    def __str__(self) -> str:
        """Return it as `NEXT-1`."""
        return f"{self.base.name}{self.offset:+d}" if self.offset else self.base.name


class Stamp(Enum):
    """The timestamp of a segment, by how many of the peer's milliseconds."""

    NOW = 0
    OLD = -10_000
    FUTURE = 1_000_000
    ABSENT = None


@dataclass(frozen=True, slots=True)
class Arrive:
    """A segment of the peer; `window` as in the header."""

    flags: int
    seq: Place = Place(Base.NEXT)
    length: int = 0
    ack: Place = Place(Base.SENT)
    window: int = 32768
    stamp: Stamp = Stamp.NOW

    def __str__(self) -> str:
        """Return it in one line."""
        parts = [f"< {flags_text(self.flags)} {self.seq}({self.length})"]
        parts.append(f"ack {self.ack} win {self.window}")
        if self.stamp is not Stamp.NOW:
            parts.append(self.stamp.name.lower())
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the program.

    `number` is a size or an option's value, `option` an option's name or `how`;
    `listener` if it is about the listening socket.
    """

    name: str
    number: int = 0
    option: str = ""
    listener: bool = False

    def __str__(self) -> str:
        """Return it in one line."""
        words = [str(it) for it in (self.option, self.number) if it]
        side = "listener." if self.listener else ""
        return f"{side}{self.name}({', '.join(words)})"


@dataclass(frozen=True, slots=True)
class Step:
    """A call or a segment, and how many nanoseconds pass after it."""

    act: Arrive | Call
    wait: int = 0


@dataclass(frozen=True, slots=True)
class Sequence:
    """Steps in order, of a peer that offers `offer`."""

    steps: tuple[Step, ...]
    offer: Offer = Offer.PLAIN

    def __str__(self) -> str:
        """Return a line a step."""
        return "\n".join(
            f"{step.act}{f'; wait {step.wait // MS} ms' if step.wait else ''}"
            for step in self.steps
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """A segment of the peer in numbers; `echo` in ms since the host's first TSval."""

    flags: int
    seq: int
    length: int
    ack: int
    window: int
    stamp: int | None
    echo: int | None


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that can be played anywhere."""

    act: Planned | Call
    wait: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A sequence in numbers; it was `sequence`."""

    sequence: Sequence
    steps: tuple[PlannedStep, ...]
