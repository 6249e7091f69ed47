"""Urgent data: one octet of the stream, received beside it (RFC 9293 3.8.5).

The urgent pointer names an octet; a program may take it out of band (MSG_OOB), and
the stream is read without it: recv() stops before it, and the next one passes over
it (tcp_input.c:tcp_urg, tcp.c:tcp_recvmsg_locked, with SO_OOBINLINE off as it is).
A segment here has its pointer at its end (RFC 6093 2), so that its last octet is
the urgent one; without data the pointer is 0 and means the next octet to come.
"""

from enum import Enum
from typing import TYPE_CHECKING

from lastack.tcp.flags import SYN
from lastack.tcp.segment import Segment
from lastack.tcp.sequence import add, before, distance
from lastack.tcp.states import State

if TYPE_CHECKING:
    from lastack.sim.tcb import Tcb


class Urgent(Enum):
    """What is known of the urgent octet (tcp.h:TCP_URG_VALID and its kin)."""

    NONE = "nothing is urgent, or reading has passed it"
    AWAITED = "the peer has announced one that has not arrived"
    THERE = "it can be received out of band"
    TAKEN = "it was received, and the stream still has its place"


def next_to_read(tcb: "Tcb") -> int:
    """Return the sequence number of the first octet that nobody has read."""
    return add(tcb.rcv_nxt, -len(tcb.receive_queue) - tcb.done)


def at_mark(tcb: "Tcb") -> bool:
    """Whether the next octet to read is the urgent one (SIOCATMARK)."""
    return to_mark(tcb) == 0


def to_mark(tcb: "Tcb") -> int:
    """Return how many octets are to be read before the urgent one; -1 if none is."""
    if tcb.urgent_state is Urgent.NONE:
        return -1
    return max(distance(next_to_read(tcb), tcb.urgent_seq), -1)


def readable(tcb: "Tcb") -> int:
    """Return how many octets can be read without a stop (SIOCINQ; tcp.h:tcp_inq)."""
    unread = len(tcb.receive_queue)
    ahead = to_mark(tcb)
    return ahead if 0 <= ahead < unread + tcb.done else unread


def announced(tcb: "Tcb", segment: Segment) -> bool:
    """Take a segment's urgent pointer; False if it tells nothing new."""
    seq = add(segment.seq, 1) if segment.flags & SYN else segment.seq
    pointer = add(seq, max(len(segment.payload) - 1, 0))
    if before(pointer, next_to_read(tcb)) or before(pointer, tcb.rcv_nxt):
        return False
    if tcb.urgent_state is not Urgent.NONE and not before(tcb.urgent_seq, pointer):
        return False
    tcb.urgent_state = Urgent.AWAITED
    tcb.urgent_seq = pointer
    return True


def arrived(tcb: "Tcb", segment: Segment) -> None:
    """Keep the octet that was announced, if this segment has it."""
    if tcb.urgent_state is not Urgent.AWAITED:
        return
    place = distance(segment.seq, tcb.urgent_seq)
    if 0 <= place < len(segment.payload):
        tcb.urgent = segment.payload[place : place + 1]
        tcb.urgent_state = Urgent.THERE


def passed(tcb: "Tcb") -> None:
    """Something was read: forget an urgent octet that lies behind it."""
    if tcb.urgent_state is not Urgent.NONE and before(
        tcb.urgent_seq, next_to_read(tcb)
    ):
        tcb.urgent_state = Urgent.NONE


def take(tcb: "Tcb") -> tuple[bytes, str]:
    """Return the urgent octet, once, or the errno that recv(MSG_OOB) gives."""
    if tcb.urgent_state in (Urgent.NONE, Urgent.TAKEN):
        return b"", "EINVAL"
    if tcb.state is State.CLOSED and not tcb.done:
        return b"", "ENOTCONN"
    if tcb.urgent_state is Urgent.THERE:
        tcb.urgent_state = Urgent.TAKEN
        return tcb.urgent, ""
    return b"", "" if tcb.shut_read or tcb.done else "EAGAIN"
