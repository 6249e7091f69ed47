"""What a capture lacks of one side: holes in its numbers that were acknowledged.

An octet that was acknowledged had been sent; if no frame of the capture has it, a
frame is missing: dropped by the kernel that captured, or cut out of the file. A
hole that is not acknowledged may be the network's loss, and proves nothing.
"""

from lastack.connections.seen import Seen

MOST_HOLES = 64
"""Holes that may still be filled; of more, the oldest are taken as they are."""
LARGEST_HOLE = 1 << 24
"""Octets: a hole that is larger is none."""
SEGMENT = 1460
"""Octets of the usual full segment: what a long hole is counted in."""

LEAST_RATE = 0.0005
LITTLE_RATE = 0.012
SOME_RATE = 0.035
"""Shares of the frames of a capture below which it lost nothing, little, some."""
NOTHING = 0
LITTLE = 1
SOME = 2
MUCH = 3


class Gaps:
    """The holes of one side, as relative numbers that do not wrap.

    `fin` acknowledges a FIN that is not in the capture: one octet behind all
    that was seen, to which nothing was added since.
    """

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.given_up: int = 0
        self.fin: Seen | None = None
        # Of a side that is not in the capture at all: what acknowledged one octet
        # more of it, and no other since.
        self.one_more: Seen | None = None

    def open(self, start: int, end: int) -> None:
        """Take down that no frame so far has the numbers `start` to `end`."""
        if len(self.starts) == MOST_HOLES:
            self.given_up += frames(self.starts.pop(0), self.ends.pop(0))
        self.starts.append(start)
        self.ends.append(end)

    def fill(self, start: int, end: int) -> None:
        """Take down that a late frame has them: it overtook none, or was repeated."""
        starts = self.starts
        ends = self.ends
        self.starts = []
        self.ends = []
        for at in range(len(starts)):
            low: int = starts[at]
            high: int = ends[at]
            if end <= low or high <= start:
                self.starts.append(low)
                self.ends.append(high)
                continue
            if low < start:
                self.starts.append(low)
                self.ends.append(start)
            if end < high:
                self.starts.append(end)
                self.ends.append(high)

    def missing(self, acked: int) -> int:
        """Return how many frames are missing at least, by what was acknowledged."""
        found = self.given_up
        for at in range(len(self.starts)):
            if self.ends[at] <= acked:
                found += frames(self.starts[at], self.ends[at])
        return found

    def lacks(self, end: int) -> bool:
        """Return whether what comes right before `end` is missing."""
        return end in self.ends


def frames(start: int, end: int) -> int:
    """Return how many full segments a hole holds at least.

    None, if it is larger than what is lost: another connection, whose SYN is not
    in the capture, goes on with other numbers.
    """
    if end - start > LARGEST_HOLE:
        return 0
    return (end - start + SEGMENT - 1) // SEGMENT


def loss(seen: int, missing: int) -> int:
    """Return how much of a capture is missing: NOTHING, LITTLE, SOME or MUCH.

    `seen` counts its frames, `missing` those that must have been between them.
    About as many again leave no trace: a bare acknowledgement that is followed by
    another. A capture of few frames is taken for one that lost few, so that one
    gap in twenty frames is not a rate: the mean of a beta distribution whose
    prior is one frame lost in a hundred, with the weight of fifty frames.
    """
    if missing == 0:
        return NOTHING
    rate = (missing + 0.5) / (seen + missing + 50)
    if rate < LEAST_RATE:
        return NOTHING
    if rate < LITTLE_RATE:
        return LITTLE
    return SOME if rate < SOME_RATE else MUCH
