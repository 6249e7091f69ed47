"""Segments that were refused as nobody's, and whose connection they continue."""

from lastack.connections import ahead
from lastack.connections.connection import Connection
from lastack.connections.reset import A_SYN, Reset
from lastack.connections.side import Side

MOST = 1 << 12
"""Numbers, at most, whose connection is looked for at other addresses."""
MOST_ALIKE = 4
"""Lone segments of one number, at most: more of them come from no translation."""
NUMBERS = 1 << 16
MASK32 = 0xFFFFFFFF


class Elsewhere:
    """Which connections of a capture go on under other addresses or ports."""

    def __init__(self) -> None:
        # Connections of which a lone segment was refused, by its sequence number;
        # and the streams of those whose numbers continue another connection.
        self.lone: dict[int, list[Connection]] = {}
        self.streams: set[int] = set()

    def add(self, connection: Connection, reset: Reset) -> None:
        """Take down a connection that begins with a segment which is refused."""
        offender = reset.offender
        if offender is None or reset.sender_known or reset.answers == A_SYN:
            return
        if len(self.lone) >= MOST:
            return
        first = reset.segment.side == 1
        side: Side = connection.side0 if first else connection.side1
        number = (side.base + offender.seq) & MASK32
        self.expect(number, connection)
        if offender.length <= 1:
            # A keepalive probe stands one before what is next.
            self.expect((number + 1) & MASK32, connection)

    def expect(self, number: int, connection: Connection) -> None:
        """Look for a connection whose next octet has that number."""
        alike = self.lone.setdefault(number, [])
        if len(alike) < MOST_ALIKE:
            alike.append(connection)

    def find(self, connections: list[Connection]) -> None:
        """Find those whose lone segment goes on where another connection stopped.

        As after a NAT has forgotten it, and gives it another address or port, or
        leads it to another server. The other one is still open, its next octet
        has the same number, and that segment acknowledges what it had sent.
        """
        if not self.lone:
            return
        wanted = bytearray(NUMBERS)
        for number in self.lone:
            wanted[number & (NUMBERS - 1)] = 1
        for stream, connection in enumerate(connections):
            ahead.of_connection(connections, stream + 16)
            ahead.of_sides(connections, stream + 12)
            one: Connection = connection
            if one.side0.packets == 0 or one.side1.packets == 0:
                continue
            for index in range(2):
                side: Side = one.side0 if index == 0 else one.side1
                peer: Side = one.side1 if index == 0 else one.side0
                following = (side.base + side.next) & MASK32
                if wanted[following & (NUMBERS - 1)] and peer.fins == 0:
                    for lone in self.lone.get(following, ()):
                        self.compare(lone, one, peer)

    def compare(self, lone: Connection, one: Connection, peer: Side) -> None:
        """Note whether a lone segment acknowledges what `peer` of `one` had sent."""
        reset: Reset = lone.resets[0]
        offender = reset.offender
        if offender is None or one.first_time > lone.first_time:
            return
        if one.reset_count > 0:
            end: Reset = one.resets[0]
            if end.segment.time < lone.first_time:
                return
        server: Side = lone.side0 if reset.segment.side == 0 else lone.side1
        more = (server.base + offender.ack - peer.base - peer.acked) & MASK32
        if more <= peer.next - peer.acked:
            self.streams.add(lone.stream)
