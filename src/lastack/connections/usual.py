"""The usual segment: the next data or acknowledgement of an undisturbed connection.

Nine of ten segments are such. For them nothing has to be asked but whether they
are: what `Connection.see` would do comes down to a few additions.
"""

from lastack.connections import sighting
from lastack.connections.connection import Connection
from lastack.connections.side import Side
from lastack.wire.packet import Packet

ACK = 16
FIN_SYN_RST_ACK = 1 + 2 + 4 + 16
MASK32 = 0xFFFFFFFF
HALF32 = 0x80000000


def take_usual(
    connection: Connection,
    packet: Packet,
    side: Side,
    peer: Side,
    frame: int,
    time: int,
) -> bool:
    """Take in a segment that `side` sent to `peer`, if it is a usual one.

    It begins where the side's last one ended, acknowledges no less than that and
    nothing that was not seen; the handshake is over, and nobody has closed, reset,
    repeated, probed or shut his window. Else nothing is changed: `see` is to take it.
    """
    if (
        packet.flags & FIN_SYN_RST_ACK != ACK
        or not connection.established
        or not connection.answered
        or connection.odd_answer_to_syn > 0
        or connection.reset_count > 0
        or side.latest.frame == 0
        or peer.packets == 0
        or side.fins + peer.fins > 0
        or side.repeats + peer.repeats + side.probes + peer.probes > 0
        or side.zero_window is not None
        or packet.window == 0
        or (packet.seq - side.base - side.next) & MASK32 != 0
    ):
        return False
    ack = side.ack + ((packet.ack - peer.base - side.ack) & MASK32)
    if not 0 <= peer.next - ack < HALF32:
        return False
    side.latest = sighting.of(packet, side.next, ack, frame, time)
    side.ttl = packet.ttl
    side.ip_id = packet.ip_id
    side.packets += 1
    if packet.length > 0:
        if side.unanswered == 0:
            side.unanswered_since = time
        side.unanswered += 1
        side.octets += packet.length
        side.next += packet.length
        side.keep_data()
    side.ack = ack
    if ack > peer.acked:
        peer.acked = ack
    side.offer(packet.window)
    side.answer(peer, time)
    return True
