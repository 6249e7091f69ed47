"""A TCP segment with the parts of its IP header that tell who sent it."""

from dataclasses import dataclass, field

from lastack.tcp import flags as bits


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where a socket is: a numeric IP address and a port of 0..65535."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return the address as tcpdump writes it, `192.0.2.1.80`."""
        return f"{self.host}.{self.port}"


@dataclass(frozen=True, slots=True)
class Options:
    """The TCP options that a segment carries; None where it does not.

    `mss` in octets, `window_scale` 0..14 (RFC 7323), `timestamp` as
    (TSval, TSecr), `sack` as pairs of left and right edges (RFC 2018).
    """

    mss: int | None = None
    window_scale: int | None = None
    sack_permitted: bool = False
    timestamp: tuple[int, int] | None = None
    sack: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """One TCP segment on the wire (SEG.SEQ, SEG.ACK, SEG.WND of RFC 9293).

    `seq` and `ack` are absolute, modulo 2**32; `window` is the header's
    16 bits, not scaled; `time` is in nanoseconds.
    """

    time: int
    source: Address
    destination: Address
    flags: int
    seq: int
    ack: int = 0
    window: int = 0
    payload: bytes = b""
    options: Options = field(default_factory=Options)
    ttl: int = 64
    ip_id: int = 0
    dont_fragment: bool = True
    tos: int = 0

    @property
    def length(self) -> int:
        """How much of sequence space it takes: octets, and SYN and FIN as one."""
        return (
            len(self.payload)
            + bool(self.flags & bits.SYN)
            + bool(self.flags & bits.FIN)
        )
