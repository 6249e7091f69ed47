"""A script's segments and a kernel's: relative numbers on one side, real ones there.

A script counts sequence numbers from each side's SYN, and writes timestamps as it
likes; the first that the kernel sends says what they are in truth.
"""

from dataclasses import dataclass, replace
from typing import Final

from lastack.sim.packetdrill.script import Packet
from lastack.sim.packetdrill.subject import LOCAL, PORT, REMOTE
from lastack.tcp.flags import ACK, SYN, flags_text
from lastack.tcp.options import laid_out
from lastack.tcp.segment import Address, Options, Segment
from lastack.tcp.sequence import add, distance

PEER_ISN: Final = 3_000_000_000
"""The script's peer begins here, so that numbers wrap in long scripts only."""
_FIRST_PORT: Final = 50_001
_TICK: Final = 1_000_000


@dataclass(slots=True)
class Wire:
    """The one connection that a script is about; `remote_port` is the script's."""

    local_port: int = PORT
    remote_port: int = _FIRST_PORT
    isn: int = 0
    clock: int | None = None
    fresh: bool = False

    def inbound(self, packet: Packet, now: int) -> Segment:
        """Return the script's segment as it arrives."""
        if packet.flags & (SYN | ACK) == SYN and self.fresh:
            # A listener's next connection comes from another port.
            self.remote_port += 1
            self.fresh = False
            self.clock = None
        options = packet.options or Options()
        if options.timestamp is not None:
            value, echo = options.timestamp
            if echo and self.clock is not None:
                echo = add(echo, self.clock)
            options = replace(options, timestamp=(value, echo))
        options = replace(
            options,
            sack=tuple(
                (add(left, self.isn), add(right, self.isn))
                for left, right in options.sack
            ),
        )
        return Segment(
            now,
            Address(REMOTE, self.remote_port),
            Address(LOCAL, self.local_port),
            packet.flags,
            add(packet.seq, PEER_ISN),
            add(packet.ack, self.isn) if packet.ack is not None else 0,
            packet.window or 0,
            bytes(packet.length),
            options,
            ip_id=1,
        )

    def learn(self, packet: Packet, sent: Segment) -> None:
        """Take the kernel's first numbers from its SYN and its first timestamp."""
        if sent.flags & SYN and packet.flags & SYN:
            self.isn = distance(packet.seq, sent.seq) % (1 << 32)
            self.local_port = sent.source.port
            self.remote_port = sent.destination.port
        if self.clock is None and sent.options.timestamp and packet.options:
            written = packet.options.timestamp
            if written is not None:
                self.clock = (sent.options.timestamp[0] - written[0]) % (1 << 32)

    def difference(self, packet: Packet, sent: Segment, tolerance: int) -> str:
        """Return in what the segment sent is not the script's, or nothing."""
        if packet.flags != sent.flags:
            return "flags"
        if add(packet.seq, self.isn) != sent.seq:
            return "sequence number"
        if packet.length != len(sent.payload):
            return "length"
        if packet.ack is not None and add(packet.ack, PEER_ISN) != sent.ack:
            return "acknowledgement number"
        if packet.window is not None and packet.window != sent.window:
            return "window"
        if packet.options is None:
            return ""
        ours, theirs = packet.options, sent.options
        if (ours.timestamp is None) != (theirs.timestamp is None):
            return "timestamp option"
        if ours.timestamp and theirs.timestamp:
            late = distance(
                add(ours.timestamp[0], self.clock or 0), theirs.timestamp[0]
            )
            if abs(late) > 1 + tolerance // _TICK:
                return "timestamp"
            if ours.timestamp[1] != theirs.timestamp[1]:
                return "timestamp echoed"
        sack = tuple(
            (distance(PEER_ISN, left), distance(PEER_ISN, right))
            for left, right in theirs.sack
        )
        if ours.sack != sack:
            return "SACK blocks"
        same = replace(ours, timestamp=None, sack=())
        return "" if same == replace(theirs, timestamp=None, sack=()) else "options"

    def written(self, sent: Segment, packet: Packet | None = None) -> str:
        """Return a segment that the kernel sent, as a script writes it."""
        seq = (sent.seq - self.isn) % (1 << 32)
        length = len(sent.payload)
        flags = flags_text(sent.flags) if sent.flags else "-"
        parts = [f"> {flags} {seq}:{(seq + length) % (1 << 32)}({length})"]
        if sent.flags & ACK:
            parts.append(f"ack {(sent.ack - PEER_ISN) % (1 << 32)}")
        if packet is None or packet.window is not None:
            parts.append(f"win {sent.window}")
        options = ",".join(_option(self, *it) for it in laid_out(sent.options))
        if options and (packet is None or packet.options is not None):
            parts.append(f"<{options}>")
        return " ".join(parts)


def _option(wire: Wire, name: str, numbers: tuple[int, ...]) -> str:
    if name == "TS":
        value = (numbers[0] - (wire.clock or 0)) % (1 << 32)
        return f"TS val {value} ecr {numbers[1]}"
    if name == "sack":
        edges = [(edge - PEER_ISN) % (1 << 32) for edge in numbers]
        blocks = zip(edges[::2], edges[1::2], strict=True)
        return "sack " + " ".join(f"{left}:{right}" for left, right in blocks)
    return " ".join([name, *map(str, numbers)])
