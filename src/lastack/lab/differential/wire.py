"""The segments of one sequence: to a host in its numbers, and from it as text.

Sequence numbers count from each side's SYN, and the host's timestamps from its
first. What is written of a segment is what two kernels must have in common.
"""

from dataclasses import dataclass
from typing import Final

from lastack.lab.differential.steps import Offer, Planned
from lastack.tcp.flags import ACK, RST, SYN, flags_text
from lastack.tcp.options import laid_out
from lastack.tcp.segment import Address, Options, Segment
from lastack.tcp.sequence import add, distance

PEER_ISN: Final = 3_000_000_000
PEER_MSS: Final = 1460
PEER_SCALE: Final = 7
FIRST: Final = 100
"""What a script writes for the host's first timestamp."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A segment of the host: `text` is what kernels must have in common.

    `time` counts from the beginning; `script` is the segment in a script.
    """

    time: int
    text: str
    script: str


@dataclass(slots=True)
class Wire:
    """Both ends' addresses, and the numbers from which they count."""

    host: Address
    peer: Address
    offer: Offer
    isn: int = -1
    clock: int | None = None
    acked: int = 0

    def arriving(self, it: Planned, now: int) -> Segment:
        """Return the segment as it arrives at the host."""
        echo = 0
        if it.echo is not None and self.clock is not None:
            echo = add(self.clock, it.echo)
        return Segment(
            now,
            self.peer,
            self.host,
            it.flags,
            add(PEER_ISN, it.seq),
            add(max(self.isn, 0), it.ack) if it.flags & ACK else 0,
            it.window,
            bytes(it.length),
            options(it, self.offer, echo),
            ip_id=1,
        )

    def sent(self, segment: Segment) -> Sent:
        """Learn from a segment of the host, and return it as text."""
        if segment.flags & SYN:
            if segment.seq != self.isn:
                self.clock = None  # another connection, with a clock of its own
            self.isn = segment.seq
            self.host = segment.source
        ts = segment.options.timestamp
        if ts is not None and self.clock is None:
            self.clock = ts[0]
        # A RST for a segment without ACK has the number 0 (RFC 9293 3.5.2).
        zero = segment.flags & RST and not segment.seq
        seq = 0 if zero else (segment.seq - max(self.isn, 0)) % (1 << 32)
        size = len(segment.payload)
        text = f"{flags_text(segment.flags)} {seq}:{(seq + size) % (1 << 32)}({size})"
        if segment.flags & ACK:
            self.acked = segment.ack
            text += f" ack {(segment.ack - PEER_ISN) % (1 << 32)}"
        if not segment.window and not segment.flags & RST:
            text += " win 0"
        written = ",".join(self._option(*it) for it in laid_out(segment.options))
        return Sent(
            segment.time,
            text + "".join(f" {it}" for it in _names(segment.options)),
            f"{text} <{written}>" if written else text,
        )

    def _option(self, name: str, numbers: tuple[int, ...]) -> str:
        """Return an option as a script has it; the host's first TSval is `FIRST`."""
        if name == "TS":
            value = (numbers[0] - (self.clock or 0) + FIRST) % (1 << 32)
            return f"TS val {value} ecr {numbers[1]}"
        if name == "sack":
            edges = [(edge - PEER_ISN) % (1 << 32) for edge in numbers]
            pairs = zip(edges[::2], edges[1::2], strict=True)
            return "sack " + " ".join(f"{left}:{right}" for left, right in pairs)
        return " ".join([name, *map(str, numbers)])


def options(it: Planned, offer: Offer, echo: int) -> Options:
    """Return the options of a segment of the peer."""
    stamp = None if it.stamp is None else (it.stamp, echo)
    if not it.flags & SYN:
        return Options(timestamp=stamp)
    return Options(
        mss=PEER_MSS,
        window_scale=PEER_SCALE if offer is Offer.FULL else None,
        sack_permitted=offer is not Offer.PLAIN,
        timestamp=stamp,
    )


def _names(found: Options) -> list[str]:
    """Return the options that are there; of timestamps the echo, of SACK the blocks."""
    names = []
    for name, numbers in laid_out(found):
        if name == "TS":
            names.append(f"ecr {numbers[1]}")
        elif name == "sack":
            edges = [distance(PEER_ISN, edge) for edge in numbers]
            names.append(f"sack {edges}")
        elif name != "nop":
            names.append(" ".join([name, *map(str, numbers)]))
    return names
