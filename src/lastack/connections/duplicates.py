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
MASK62 = 0x3FFFFFFFFFFFFFFF


class Duplicates:
    """The frames of the last moments, by a fingerprint of what they hold.

    Each frame has one place, where a later one pushes it out: of 100,000 frames
    a second, one in twenty is gone when its copy comes a millisecond later.
    """

    def __init__(self) -> None:
        self.prints: array[int] = array("q", bytes(8 * PLACES))
        self.times: array[int] = array("q", bytes(8 * PLACES))

    def is_copy(self, packet: Packet, sender: int, time: int) -> bool:
        """Return whether the same segment of `sender` was seen a moment ago.

        `sender` is a number that no other side of a connection has.
        """
        fingerprint = (
            packet.seq * 1073741789
            + packet.ack * 536870909
            + packet.length * 268435399
            + (packet.ip_id + 1) * 134217689
            + packet.window * 67108859
            + packet.flags * 33554393
            + packet.timestamp_value * 16777213
            + sender * 2147483647
        ) & MASK62
        # 0 is what a free place holds.
        fingerprint |= 1
        place = (fingerprint >> 30) & (PLACES - 1)
        if (
            self.prints[place] == fingerprint
            and -WITHIN < time - self.times[place] < WITHIN
        ):
            return True
        self.prints[place] = fingerprint
        self.times[place] = time
        return False
