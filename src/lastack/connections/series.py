"""The running series of one side: the same segment again and again, or probes.

Most sides never repeat or probe, so that these are made when they first do.
"""

from lastack.connections.seen import Seen


class Repeating:
    """Retransmissions: of the segment at `seq`, `acked` of them after its ACK.

    `first` and `last` are those of the latest series; `total` counts all.
    """

    def __init__(self) -> None:
        self.seq: int = -1
        self.acked: int = 0
        self.total: int = 0
        self.first: Seen | None = None
        self.last: Seen | None = None


class Probing:
    """Keepalive or window probes; `shortest` and `longest` apart in nanoseconds.

    `first`, `last` and `time`, that of the last, are those of the latest series;
    `total` counts all.
    """

    def __init__(self) -> None:
        self.time: int = 0
        self.shortest: int = 0
        self.longest: int = 0
        self.total: int = 0
        self.first: Seen | None = None
        self.last: Seen | None = None
