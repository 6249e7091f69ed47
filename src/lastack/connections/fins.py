"""The FINs of one connection: whose came first, which crossed, which are missing."""

from lastack.connections import sighting
from lastack.connections.gaps import Gaps
from lastack.connections.side import Side

FIN = 1

SWAPPED = 40_000_000
"""Nanoseconds that one segment comes too late, at the most, beside the next."""
MASK32 = 0xFFFFFFFF


class Fins:
    """Who closed first, and who had not heard of it when he closed.

    A FIN that is not in the capture is inferred from what acknowledges it.
    """

    def begin_fins(self) -> None:
        """Set every field to what it is before the first FIN."""
        # The index of the side that closed first, -1 while none has.
        self.first_fin: int = -1
        self.fins_crossed: bool = False
        # The number of the segment that first acknowledged a FIN sent only once.
        self.fin_answer: int = 0
        self.fin_disowned: bool = False

    def take_fin(self, side: Side, peer: Side, fin_seq: int) -> None:
        """Take in a FIN: the first, one that crosses it, the second, a repeat."""
        side.fins += 1
        if side.fins > 1:
            return
        seen = side.latest
        side.fin_seq = fin_seq
        side.first_fin = seen
        if self.first_fin < 0:
            self.first_fin = side.index
            gaps = peer.gaps
            if gaps is not None and gaps.one_more is not None and peer.fins == 0:
                # What it had acknowledged last of its unseen peer was a FIN.
                gaps.fin = gaps.one_more
                peer.fins = 1
                peer.fin_seq = gaps.one_more.ack - 1
                peer.fin_acked = True
                peer.fin_acked_time = gaps.one_more.time
                self.first_fin = peer.index
        elif self.first_fin != side.index and seen.ack <= peer.fin_seq:
            if peer.first_fin.frame > 0 and peer.first_fin.ack > fin_seq:
                # The other one knew of it: the capture has them in the wrong order.
                self.first_fin = side.index
            else:
                self.fins_crossed = True
        elif self.first_fin != side.index and self.fin_answer == (
            (fin_seq + 1) & MASK32
        ):
            # What acknowledged the other's FIN stood behind a first one, which was
            # lost or comes now, late. It was itself the answer, if something else
            # had the other one acknowledged so: a segment that the network delayed.
            self.fins_crossed = (
                peer.fin_acked_time + SWAPPED < seen.time
                and side.latest_data.time + SWAPPED < peer.first_fin.time
                and peer.latest_data.time + SWAPPED < peer.first_fin.time
            )

    def infer_fin(self, side: Side, peer: Side) -> None:
        """Take the latest of `side` for the acknowledgement of a FIN that was missed.

        It acknowledges one octet beyond all that was seen of `peer`. Should that
        go on, or its FIN only be late, `take_back_fin` is called.
        """
        gaps = peer.gaps
        if gaps is None:
            return
        seen = side.latest
        gaps.fin = sighting.kept(seen, side.index)
        peer.fins = 1
        peer.fin_seq = seen.ack - 1
        if self.first_fin < 0 or side.first_fin.frame == seen.frame:
            # Whose FIN acknowledges another's closed after it.
            self.first_fin = peer.index

    def take_of_unseen(self, side: Side, peer: Side) -> None:
        """Take in that `side` acknowledges more of a peer that is not in the capture.

        If it is one octet, and `side` closes or has closed, then it is a FIN.
        """
        seen = side.latest
        gaps = peer.gaps
        if gaps is None:
            gaps = Gaps()
            peer.gaps = gaps
        if gaps.fin is not None:
            gaps.fin = None
            peer.fins = 0
            peer.fin_acked = False
            self.first_fin = side.index if side.fins > 0 else -1
        gaps.one_more = None
        if seen.ack == peer.next + 1 and seen.length == 0:
            gaps.one_more = sighting.kept(seen, side.index)
            if side.fins > 0:
                self.infer_fin(side, peer)

    def take_back_fin(self, side: Side, peer: Side, end: int) -> None:
        """Forget the FIN of `side` that was inferred: here it is, or more data."""
        gaps = side.gaps
        if gaps is None or gaps.fin is None:
            return
        gaps.fin = None
        seen = side.latest
        side.fins = 0
        if seen.flags & FIN and end - 1 == side.fin_seq:
            return
        side.fin_acked = False
        if self.first_fin == side.index:
            self.first_fin = peer.index if peer.fins > 0 else -1
