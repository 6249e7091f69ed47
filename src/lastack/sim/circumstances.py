"""What a simulated run is given of a measured one, so that the rest can be compared.

A simulator predicts the kernel if it does the same in the same circumstances:
the programs call at the same moments, what is sent at the same time arrives at
the same time, and time begins at the same place between two ticks.

    circumstances = Circumstances(phase=1_250_000, moments=(0, 80_000_000))
    play(scenario, steps, client=load("linux"), circumstances=circumstances)
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

_NEARLY: Final = 5_000_000

Ports = tuple[int, int]
"""Source and destination of a segment."""


@dataclass(frozen=True, slots=True)
class Passage:
    """How one segment fared: when it was sent, at the tap, and at its end.

    `chance` is what the path did to it at random: `lost`, `duplicated`, or
    nothing. What the scenario orders is not chance.
    """

    sent: int
    tapped: int
    arrived: int
    chance: str = ""

    def moved_to(self, sent: int) -> "Passage":
        """Return how a segment fares that is sent at another moment.

        If it is nearly the same moment, it arrives at the same time.
        """
        late = sent - self.sent
        if abs(late) < _NEARLY and sent <= self.tapped:
            return self
        return Passage(sent, self.tapped + late, self.arrived + late, self.chance)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The moments of the steps, the passages of the segments, and the tick.

    `phase` is how long before time 0 tick 0 was, in nanoseconds. `moments` are
    those at which the steps began, and the end, from time 0 on; a step begins no
    earlier. `passages` are in the order in which each connection's sender sent,
    `forged` those of segments that were forged at the tap.
    """

    phase: int = 0
    moments: Sequence[int] = ()
    passages: Mapping[Ports, Sequence[Passage]] = field(default_factory=dict)
    forged: Sequence[Passage] = ()

    def on_their_way(self) -> dict[Ports, deque[Passage]]:
        """Return the passages as queues, to be used up."""
        return {ports: deque(those) for ports, those in self.passages.items()}
