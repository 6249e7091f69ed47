"""An ICMP error that quotes a segment of a connection."""


class IcmpError:
    """The first ICMP error about a connection's segments.

    `kind` and `code` as in its header, of RFC 792 or RFC 4443; `about` is the
    index of the side that sent the segment which it quotes; `high` and `low` are
    the halves of the address of the router or host that reported it.
    """

    def __init__(self) -> None:
        self.kind: int = -1
        self.code: int = -1
        self.frame: int = 0
        self.time: int = 0
        self.about: int = -1
        self.high: int = 0
        self.low: int = 0
