"""One segment as one line of text: tcpdump's form to read, packetdrill's to write.

tcpdump's line is for output only (`tcpdump_line`). packetdrill's is parsed and
printed (`parse_trace`, `trace_text`); it is how examples are written:

    0 > S 0:0(0) win 64240 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
    +0.01 < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +0.01 > . 1:1(0) ack 1 win 502      // a comment
    +0.1 < P. 1:101(100) ack 1 win 509 {ttl 63, id 0, df, tos 0x10}
    +0.2 icmp unreachable host from 203.0.113.1 [> P. 1:11(10) ack 101 win 502]

A line has a time (`+` seconds after the line before, or since the start of the
trace), a direction (`>` client to server, `<` server to client), flags in
tcpdump's letters (`-` for none), `start:end(length)`, and what else there is.
Sequence numbers are relative to each side's SYN; where a side sends none, they
are absolute. Without `win` a reset has a window of 0, any other segment of 512.
In braces: `ttl` (64), `id` (counts up from 1 for each side), `df` (the default)
or `nodf`, `tos` (0). An ICMP error goes to the sender of the segment that it
quotes in brackets; its names are those of `lastack.tcp.icmp`, `mtu N` may
follow, and `from` is who reports it, else where the segment was going.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from lastack.tcp import flags as bits
from lastack.tcp.flags import flags_text
from lastack.tcp.icmp import IcmpError, icmp_name
from lastack.tcp.options import laid_out
from lastack.tcp.segment import Address, Segment
from lastack.tcp.sequence import MODULUS
from lastack.tcp.trace_line import TraceLine

Traced = Segment | IcmpError
"""What a line of a trace stands for."""

CLIENT: Final = Address("192.0.2.1", 40000)
SERVER: Final = Address("198.51.100.7", 80)
CLIENT_ISN: Final = 1_000_000_000
SERVER_ISN: Final = 3_000_000_000

_SECOND: Final = 1_000_000_000
_OTHER: Final = {">": "<", "<": ">"}


def tcpdump_line(
    segment: Segment,
    *,
    time: str = "",
    origin: tuple[int, int] | None = None,
    length: int | None = None,
) -> str:
    """Return the segment as `tcpdump -n` prints it.

    `time` is put first as it is. `origin` is what counts as 0 of the sender's
    sequence numbers and of the receiver's; without it, and for a SYN, numbers
    are absolute. `length` is the payload's on the wire where `payload` is not
    all of it.
    """
    if length is None:
        length = len(segment.payload)
    seq_origin, ack_origin = origin or (0, 0)
    if segment.flags & bits.SYN:
        seq_origin = ack_origin = 0
    seq = (segment.seq - seq_origin) % MODULUS
    protocol = "IP6" if ":" in segment.source.host else "IP"
    parts = [f"Flags [{flags_text(segment.flags)}]"]
    if length:
        parts.append(f"seq {seq}:{(seq + length) % MODULUS}")
    elif segment.flags & (bits.SYN | bits.FIN | bits.RST):
        parts.append(f"seq {seq}")
    if segment.flags & bits.ACK:
        parts.append(f"ack {(segment.ack - ack_origin) % MODULUS}")
    parts.append(f"win {segment.window}")
    options = [
        _tcpdump_option(name, numbers, ack_origin)
        for name, numbers in laid_out(segment.options)
    ]
    if options:
        parts.append(f"options [{','.join(options)}]")
    parts.append(f"length {length}")
    line = f"{protocol} {segment.source} > {segment.destination}: {', '.join(parts)}"
    return f"{time} {line}" if time else line


def _tcpdump_option(name: str, numbers: tuple[int, ...], origin: int) -> str:
    if name == "TS":
        return "TS val {} ecr {}".format(*numbers)
    if name == "sack":
        edges = [(edge - origin) % MODULUS for edge in numbers]
        blocks = zip(edges[::2], edges[1::2], strict=True)
        return f"sack {len(edges) // 2} " + "".join(f"{{{a}:{b}}}" for a, b in blocks)
    return " ".join([name, *map(str, numbers)])


def trace_text(
    trace: Iterable[Traced],
    client: Address = CLIENT,
    server: Address = SERVER,
) -> str:
    """Return a trace in packetdrill's notation, one line each.

    Raises ValueError for a segment that is not between `client` and `server`.
    """
    trace = list(trace)
    printer = _Printer(client, server, _origins(trace, client))
    return "".join(f"{line}\n" for line in printer.lines(trace))


def parse_trace(
    text: str,
    client: Address = CLIENT,
    server: Address = SERVER,
    *,
    client_isn: int = CLIENT_ISN,
    server_isn: int = SERVER_ISN,
) -> list[Traced]:
    """Return the segments and ICMP errors that `text` writes, times from 0 on.

    The payload is zeros. Raises ValueError, which names line and column, what
    was expected there and what was found.
    """
    written = [
        (line, line.read())
        for line in (
            TraceLine(*numbered) for numbered in enumerate(text.split("\n"), 1)
        )
        if not line.blank()
    ]
    begun = {
        said.segment.direction for _, said in written if said.segment.flags & bits.SYN
    }
    origins = {
        ">": client_isn if ">" in begun else 0,
        "<": server_isn if "<" in begun else 0,
    }
    ends = {">": (client, server), "<": (server, client)}
    counters = {">": 0, "<": 0}
    trace: list[Traced] = []
    now = 0
    for line, said in written:
        now = now + said.time if said.relative else said.time
        side = said.segment.direction
        if said.error is None and said.segment.ip_id is None:
            counters[side] = counters[side] % 0xFFFF + 1
        segment = said.segment.absolute(
            now,
            ends[side],
            (origins[side], origins[_OTHER[side]]),
            counters[side],
        )
        if said.error is None:
            trace.append(segment)
            continue
        try:
            trace.append(said.error.about(now, segment))
        except ValueError as error:
            raise ValueError(f"line {line.number}: {error}") from None
    return trace


def _origins(trace: list[Traced], client: Address) -> dict[str, int]:
    """Return what counts as 0 of each side: the first SYN's number, or 0."""
    origins = {">": 0, "<": 0}
    seen = set()
    for traced in trace:
        segment = traced if isinstance(traced, Segment) else traced.quoted
        side = ">" if segment.source == client else "<"
        if segment.flags & bits.SYN and side not in seen:
            seen.add(side)
            origins[side] = segment.seq
    return origins


class _Printer:
    """Prints the lines of one trace."""

    def __init__(
        self, client: Address, server: Address, origins: dict[str, int]
    ) -> None:
        self.ends = {(client, server): ">", (server, client): "<"}
        self.origins = origins
        self.counters = {">": 0, "<": 0}

    def lines(self, trace: Iterable[Traced]) -> Iterator[str]:
        """Yield a line for each segment or error."""
        before: int | None = None
        for traced in trace:
            if before is None:
                time = _seconds(traced.time)
            elif traced.time >= before:
                time = "+" + _seconds(traced.time - before)
            else:
                time = _seconds(traced.time)
            before = traced.time
            if isinstance(traced, Segment):
                yield f"{time} {self.segment(traced, counted=True)}"
            else:
                yield f"{time} {self.error(traced)}"

    def error(self, error: IcmpError) -> str:
        """Return the line of an ICMP error, without its time."""
        quoted = error.quoted
        version = 6 if ":" in quoted.source.host else 4
        parts = ["icmp", icmp_name(version, error.kind, error.code)]
        if error.mtu:
            parts.append(f"mtu {error.mtu}")
        if error.reporter != quoted.destination.host:
            parts.append(f"from {error.reporter}")
        return f"{' '.join(parts)} [{self.segment(quoted, counted=False)}]"

    def segment(self, segment: Segment, *, counted: bool) -> str:
        """Return the line of a segment, without its time."""
        side = self.ends.get((segment.source, segment.destination))
        if side is None:
            raise ValueError(
                f"{segment.source} > {segment.destination} is not between the two"
                f" ends of this trace"
            )
        other = _OTHER[side]
        seq = (segment.seq - self.origins[side]) % MODULUS
        length = len(segment.payload)
        flags = "-" if segment.flags == 0 else flags_text(segment.flags)
        parts = [side, flags, f"{seq}:{(seq + length) % MODULUS}({length})"]
        if segment.flags & bits.ACK or segment.ack:
            parts.append(f"ack {(segment.ack - self.origins[other]) % MODULUS}")
        parts.append(f"win {segment.window}")
        options = [
            self.option(name, numbers, self.origins[other])
            for name, numbers in laid_out(segment.options)
        ]
        if options:
            parts.append(f"<{','.join(options)}>")
        extras = self.extras(segment, side, counted=counted)
        if extras:
            parts.append(f"{{{', '.join(extras)}}}")
        return " ".join(parts)

    def extras(self, segment: Segment, side: str, *, counted: bool) -> list[str]:
        """Return what goes between braces: the parts of IP unlike the defaults."""
        extras = []
        if segment.ttl != 64:
            extras.append(f"ttl {segment.ttl}")
        following = self.counters[side] % 0xFFFF + 1 if counted else self.counters[side]
        if segment.ip_id != following:
            extras.append(f"id {segment.ip_id}")
        elif counted:
            self.counters[side] = following
        if not segment.dont_fragment:
            extras.append("nodf")
        if segment.tos:
            extras.append(f"tos {segment.tos:#x}")
        return extras

    @staticmethod
    def option(name: str, numbers: tuple[int, ...], origin: int) -> str:
        """Return an option as packetdrill writes it."""
        if name == "sack":
            edges = [(edge - origin) % MODULUS for edge in numbers]
            blocks = zip(edges[::2], edges[1::2], strict=True)
            return "sack " + " ".join(f"{a}:{b}" for a, b in blocks)
        return _tcpdump_option(name, numbers, origin)


def _seconds(time: int) -> str:
    """Return nanoseconds as seconds, with no more digits than are needed."""
    whole, rest = divmod(time, _SECOND)
    return f"{whole}.{rest:09}".rstrip("0").rstrip(".")
