"""A segment as a capture point saw it: what evidence is made of."""


class Seen:
    """One segment, with numbers relative to its side's initial sequence number.

    `frame` from 1, as Wireshark shows it; `time` in nanoseconds since the
    epoch; `side` 0 or 1, the index of the sender in its connection; `window`
    as in the header, not scaled; `length` of the payload in octets; `ip_id`
    -1 on IPv6; `timestamped` if it carries the option of RFC 7323.
    """

    def __init__(self) -> None:
        self.frame: int = 0
        self.time: int = 0
        self.side: int = 0
        self.flags: int = 0
        self.seq: int = 0
        self.ack: int = 0
        self.window: int = 0
        self.length: int = 0
        self.ttl: int = 0
        self.ip_id: int = 0
        self.timestamped: bool = False
