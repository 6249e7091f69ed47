"""Puts the pieces of a fragmented IP packet together, as far as TCP needs it.

Kept of each packet is its beginning, where the headers are, and which octets
have come; never its payload. What is kept is bounded: a capture of nothing but
first pieces pushes the oldest out.
"""

PENDING = 256
"""How many incomplete packets are kept."""
HEAD = 512
"""How many octets of a packet are kept: several tunnels' headers, and TCP's."""
GAPS = 64
"""How many separate stretches of one packet are kept track of."""


class Pieces:
    """What has come of one packet's payload: `head`, and the stretches in order.

    `total` is the payload's length, -1 until the last piece is there;
    `protocol` is what the first piece says that it carries.
    """

    def __init__(self) -> None:
        self.head = bytearray()
        self.stretches: list[tuple[int, int]] = []
        self.total = -1
        self.protocol = -1

    def take(self, data: bytearray, offset: int) -> None:
        """Note that `data` has come for the place `offset`."""
        end = offset + len(data)
        if offset < HEAD:
            if len(self.head) < min(end, HEAD):
                self.head.extend(bytes(min(end, HEAD) - len(self.head)))
            self.head[offset : min(end, HEAD)] = data[: HEAD - offset]
        merged: list[tuple[int, int]] = []
        for left, right in sorted([*self.stretches, (offset, end)]):
            if merged and left <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], right))
            else:
                merged.append((left, right))
        self.stretches = merged

    def whole(self) -> bool:
        """Return whether every octet has come."""
        return (
            self.total >= 0
            and self.stretches[0][0] == 0
            and self.stretches[0][1] >= self.total
        )


class Fragments:
    """The packets of which not every piece has come yet."""

    def __init__(self) -> None:
        self.pending: dict[tuple[int, ...], Pieces] = {}

    def add(
        self,
        key: tuple[int, ...],
        data: bytearray,
        offset: int,
        more: bool,
        protocol: int,
    ) -> Pieces | None:
        """Take a piece in; return its packet if that is whole now.

        `key` is what the pieces of one packet have in common (RFC 791, 3.2;
        RFC 8200, 4.5). A packet that was returned is forgotten: pieces that
        come once more begin it anew, as in Wireshark.
        """
        packet = self.pending.get(key)
        if packet is None:
            if len(self.pending) >= PENDING:
                del self.pending[next(iter(self.pending))]
            packet = self.pending[key] = Pieces()
        packet.take(data, offset)
        if offset == 0:
            packet.protocol = protocol
        if not more and packet.total < 0:
            packet.total = offset + len(data)
        if packet.whole() or len(packet.stretches) > GAPS:
            del self.pending[key]
        return packet if packet.whole() else None
