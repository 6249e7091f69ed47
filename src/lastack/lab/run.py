"""What one playing of a scenario gave."""

from dataclasses import dataclass, field
from functools import cached_property

from lastack.lab.capture import Frames
from lastack.lab.traffic import Traffic
from lastack.lab.truth import Label, Reason
from lastack.tcp.events import TimelineEvent
from lastack.tcp.scenario import HostName, Scenario, Wire


@dataclass
class Run:
    """What one playing of a scenario gave.

    `disagreements` are what contradicts the truth; with any, the run is refused.
    `kernel_spoke` is whether the kernel's reasons could be had at all. `moments`
    are those at which each copy's steps began, and its end. `lateness` is by how
    many seconds a frame or a step was late, since the machine was busy.
    """

    scenario: Scenario
    wire: Wire
    ipv6: bool
    events: list[TimelineEvent] = field(default_factory=list)
    frames: dict[str, Frames] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)
    counters: dict[HostName, dict[str, int]] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    kernel_spoke: bool = True
    seconds: float = 0.0
    moments: list[list[int]] = field(default_factory=list)
    lateness: float = 0.0

    @cached_property
    def traffic(self) -> Traffic:
        """The segments in `frames`, which must be whole by then."""
        return Traffic(self.frames)
