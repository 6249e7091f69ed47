"""What was sent and is not yet acknowledged, segment by segment.

Linux keeps as one buffer what left as one burst (a `sk_buff` with several
segments). So an acknowledgement inside a burst moves the bounds of all segments
behind it, and what is sent again leaves its burst (tcp_output.c:tcp_trim_head,
tcp_fragment).
"""

from collections import deque

from lastack.tcp.flags import FIN, PSH
from lastack.tcp.sequence import add, before, distance


class Flight:
    """A segment that was sent; `burst` is where that with which it left ends."""

    __slots__ = (
        "burst",
        "end",
        "flags",
        "lost",
        "payload",
        "sacked",
        "sent",
        "seq",
        "times",
    )

    def __init__(
        self, seq: int, end: int, payload: bytes, flags: int, sent: int
    ) -> None:
        self.seq = seq
        self.end = end
        self.payload = payload
        self.flags = flags
        self.sent = sent
        self.burst = end
        self.times = 1
        self.sacked = False
        self.lost = False


def part(flight: deque[Flight], first: Flight, last: Flight) -> None:
    """Take neighbours out of their burst; what was before and behind stays one."""
    for other in flight:
        if other.burst != first.burst:
            continue
        if before(other.seq, first.seq):
            other.burst = first.seq
        elif not before(last.seq, other.seq):
            other.burst = last.end


def trim(flight: deque[Flight], ack: int) -> None:
    """Take away the acknowledged part of the first segment."""
    head = flight[0]
    size = len(head.payload)
    head.payload = head.payload[distance(head.seq, ack) :]
    head.seq = ack
    cut(flight, head, size)


def cut(flight: deque[Flight], entry: Flight, size: int) -> None:
    """Cut what is left of a burst, from `entry` on, in segments of `size` octets."""
    burst = [
        it for it in flight if it.burst == entry.burst and not before(it.seq, entry.seq)
    ]
    place, last = flight.index(entry), burst[-1]
    for it in burst:
        flight.remove(it)
    data = b"".join(it.payload for it in burst)
    for start in range(0, max(len(data), 1), size or 1):
        piece = data[start : start + size]
        seq = add(entry.seq, start)
        ends = start + size >= len(data)
        end = last.end if ends else add(seq, size)
        flags = last.flags if ends else entry.flags & ~(PSH | FIN)
        made = Flight(seq, end, piece, flags, entry.sent)
        made.burst, made.times, made.lost = entry.burst, entry.times, entry.lost
        flight.insert(place, made)
        place += 1


def collapse(flight: deque[Flight], entry: Flight, room: int, edge: int) -> None:
    """Let small segments that follow go with it (tcp_retrans_try_collapse).

    They must fit into `room` more octets and end before `edge`.
    """
    index = flight.index(entry)
    while room > 0 and index + 1 < len(flight):
        following = flight[index + 1]
        room -= len(following.payload)
        if following.sacked or room < 0 or before(edge, following.end):
            break
        entry.payload += following.payload
        _join(flight, index)


def _join(flight: deque[Flight], index: int) -> None:
    """Let a segment end where the next one does, which is no more."""
    entry, following = flight[index], flight[index + 1]
    entry.flags |= following.flags
    entry.end = entry.burst = following.end
    del flight[index + 1]
