"""The running series of one side: the same segment again and again, or probes.

Most sides never repeat or probe, so that these are made when they first do.
"""

from lastack.connections.seen import Seen

BUSY = 400_000_000
"""Nanoseconds by which a busy host may be late."""
LEAST_RTO = 150_000_000
"""Repeats closer than this, in nanoseconds, were held up on their way together."""


def alike(one: int, other: int) -> bool:
    """Return whether two intervals are one, but for the delays of path and host.

    A window's probes double their interval; keepalive's stay within a third, or
    within what a busy host takes to send.
    """
    apart = abs(one - other)
    return other > 0 and (3 * apart <= other or apart < BUSY)


class Repeating:
    """Retransmissions: of the segment at `seq`, `acked` of them after its ACK.

    Those of a burst, which a busy path had held up, count once in `acked`.
    `first` and `last` are those of the latest series; `total` counts all.
    """

    def __init__(self) -> None:
        self.seq: int = -1
        self.acked: int = 0
        self.total: int = 0
        self.first: Seen | None = None
        self.last: Seen | None = None


class Probing:
    """Keepalive or window probes, `interval` nanoseconds between the last two.

    `first`, `last` and `time`, that of the last, are those of the latest series;
    `steady` counts its latest intervals that are alike; `total` counts all
    probes. Keepalive asks a peer that answers every TCP_KEEPIDLE, and one that
    does not every TCP_KEEPINTVL, so that a series may change its pace.
    """

    def __init__(self) -> None:
        self.time: int = 0
        self.interval: int = 0
        self.steady: int = 0
        self.total: int = 0
        self.first: Seen | None = None
        self.last: Seen | None = None
