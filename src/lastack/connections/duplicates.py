"""Frames that a capture holds twice: told from retransmissions.

A capture on a bridge, or on every interface, holds a frame two times or more,
microseconds apart. A retransmission is told by its IP ID, or by the time: it takes
at least the minimum RTO, and a tail loss probe about two round trips.
"""

from array import array

from lastack.wire.packet import Packet

WITHIN = 4_000_000
"""Copies of a frame are closer than this, in nanoseconds."""
PLACES = 4096
MASK63 = 0x7FFFFFFFFFFFFFFF
# Odd numbers whose product with another spreads its bits over all 64.
SPREAD = 0x9E3779B97F4A7C15
STIR = 0xD6E8FEB86659FD93
SHIFT = 0xBF58476D1CE4E5B9


class Duplicates:
    """The frames of the last moments, by a fingerprint of what they hold.

    Each frame has one place, its fingerprint and its time beside one another, where
    a later one pushes it out: of 100,000 frames a second, one in twenty is gone when
    its copy comes a millisecond later.
    """

    def __init__(self) -> None:
        self.frames: array[int] = array("q", bytes(16 * PLACES))
        # A reset has no timestamps and, from Linux, no IP ID: the latest timestamp of
        # any segment tells two resets apart that answer two segments.
        self.stamp: int = 0

    def is_copy(self, packet: Packet, sender: int, time: int) -> bool:
        """Return whether the same segment of `sender` was seen a moment ago.

        `sender` is a number below 2**32 that no other side of a connection has.
        """
        if packet.has_timestamp:
            self.stamp = packet.timestamp_value
        # Each in a variable of 64 bits, before anything is shifted out of it.
        ack = packet.ack
        ip_id = packet.ip_id + 1
        window = packet.window
        numbers = ack << 32 | packet.seq
        form = ip_id << 48 | window << 32 | packet.flags << 20
        origin = sender << 32 | self.stamp
        fingerprint = (
            numbers * SPREAD + (form ^ packet.length) * STIR + origin * SHIFT
        ) & MASK63
        # 0 is what a free place holds.
        fingerprint |= 1
        place = (fingerprint >> 50) & (2 * PLACES - 2)
        if self.frames[place] == fingerprint:
            apart = time - self.frames[place + 1]
            if -WITHIN < apart < WITHIN:
                return True
        self.frames[place] = fingerprint
        self.frames[place + 1] = time
        return False
