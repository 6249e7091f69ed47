"""What the wire saw of a connection: what its sides sent, and what came through."""

from dataclasses import dataclass, field

from lastack.tcp import flags as bits
from lastack.tcp import sequence
from lastack.tcp.scenario import HostName
from lastack.tcp.segment import Address, Segment


@dataclass(slots=True)
class Sender:
    """One side: the ends of what it sent, of what arrived, of what it knows arrived.

    `acknowledged` is what the acknowledgements say that came back through the wire.
    """

    sent: int | None = None
    arrived: int | None = None
    acknowledged: int | None = None
    window: int = 64240

    def saw(self, segment: Segment, *, lost: bool) -> None:
        """Note a segment of this side; a reset takes no room."""
        if segment.flags & bits.RST:
            return
        end = sequence.add(segment.seq, segment.length)
        self.sent = _further(self.sent, end, segment)
        if not lost:
            self.arrived = _further(self.arrived, end, segment)
        self.window = segment.window


def _further(known: int | None, end: int, segment: Segment) -> int:
    begins = known is None or segment.flags & bits.SYN
    return end if begins or sequence.before(known or 0, end) else known or 0


@dataclass(slots=True)
class Path:
    """A connection by its addresses, and what the wire saw of it.

    `unlucky` is whether chance lost a segment of it.
    """

    client: Address
    server: Address
    name: str = ""
    answers_pass: bool = True
    was_reset: bool = False
    unlucky: bool = False
    sides: dict[HostName, Sender] = field(
        default_factory=lambda: {"client": Sender(), "server": Sender()}
    )

    def saw(self, segment: Segment, towards: HostName, *, lost: bool) -> None:
        """Note a segment on its way to a host."""
        self.sides["client" if towards == "server" else "server"].saw(
            segment, lost=lost
        )
        if lost:
            return
        if segment.flags & bits.RST:
            self.was_reset = True
        elif segment.flags & bits.ACK:
            self.sides[towards].acknowledged = segment.ack

    def is_settled(self) -> bool:
        """Whether each side knows that all that it sent has arrived, or need not."""
        return self.was_reset or all(
            side.sent == side.acknowledged for side in self.sides.values()
        )
