"""A segment written down in its side: a value, which is replaced and never changed.

A million sides remember five segments each. As objects these would cost more to
make than all else that is known of a connection. Compiled, `sighting.pxd` gives a
C struct instead, which lies in its side and is copied from one place to another; as
plain Python it is an object that may stand in two places at once, which comes to the
same as long as nobody changes one.
"""

from lastack.connections.seen import Seen
from lastack.wire.packet import Packet


class Sighting:
    """One segment, with the fields of `Seen`; `frame` is 0 where there is none."""

    def __init__(self) -> None:
        self.frame: int = 0
        self.time: int = 0
        self.flags: int = 0
        self.seq: int = 0
        self.ack: int = 0
        self.window: int = 0
        self.length: int = 0
        self.ttl: int = 0
        self.ip_id: int = 0
        self.timestamped: bool = False


def nothing() -> Sighting:
    """Return what stands for no segment."""
    return Sighting()


def of(packet: Packet, seq: int, ack: int, frame: int, time: int) -> Sighting:
    """Return a segment that was just decoded, with relative `seq` and `ack`."""
    one = Sighting()
    one.frame = frame
    one.time = time
    one.flags = packet.flags
    one.seq = seq
    one.ack = ack
    one.window = packet.window
    one.length = packet.length
    one.ttl = packet.ttl
    one.ip_id = packet.ip_id
    one.timestamped = packet.has_timestamp != 0
    return one


def seen(one: Sighting, side: int) -> Seen | None:
    """Return the segment of that side as evidence, None if there is none."""
    if one.frame == 0:
        return None
    return kept(one, side)


def kept(one: Sighting, side: int) -> Seen:
    """Return a segment of that side as evidence, which lasts."""
    shown = Seen.__new__(Seen)
    shown.frame = one.frame
    shown.time = one.time
    shown.side = side
    shown.flags = one.flags
    shown.seq = one.seq
    shown.ack = one.ack
    shown.window = one.window
    shown.length = one.length
    shown.ttl = one.ttl
    shown.ip_id = one.ip_id
    shown.timestamped = one.timestamped
    return shown
