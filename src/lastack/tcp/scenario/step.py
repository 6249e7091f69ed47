"""What every step of a scenario is, and the two that only let time pass."""

from dataclasses import dataclass
from typing import Literal

HostName = Literal["client", "server"]
SETTLE_S = 0.06


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens; the director takes the next when it is done."""


@dataclass(frozen=True, slots=True)
class Wait(Step):
    """Nothing is done for `seconds`; segments and timers go on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Settle(Step):
    """What is on its way arrives, and is answered, however long the wire is.

    It takes two round trips and SETTLE_S more, which covers the 40 ms of a
    delayed acknowledgement.
    """


def wait(seconds: float) -> Wait:
    """Let `seconds` pass."""
    return Wait(seconds)


def settle() -> Settle:
    """Let what is on its way arrive and be answered."""
    return Settle()
