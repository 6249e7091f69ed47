"""Which of two moments came first, where a capture's file and its clock disagree.

Frames of one interface are in the file in their order, or a few milliseconds out
of it; those of several may come in batches, and only the clock knows their order.
But a clock may be set back, and then only the file knows.
"""

from lastack.connections.side import Side

A_BATCH = 1_000_000_000
"""Nanoseconds by which frames of several interfaces are out of order at most."""
A_QUEUE = 20_000_000
"""The same for one interface: a network card's queues, or a merged capture."""


def disorder(side: Side, peer: Side) -> int:
    """Return by how much the clock is believed against the file, in nanoseconds.

    What several interfaces saw is in the capture twice.
    """
    return A_BATCH if side.duplicates + peer.duplicates > 0 else A_QUEUE


def is_after(apart: int, frames_apart: int, believed: int) -> bool:
    """Return whether one moment came after another.

    By the nanoseconds between them, or by the frames if these are none, or the clock
    was set back: by more than is `believed`, as `disorder` says.
    """
    if apart != 0 and -believed < apart < believed:
        return apart > 0
    return frames_apart > 0
