"""How much a side sent, by its sequence numbers."""

from lastack.connections.side import Side


def octets_sent(side: Side) -> int:
    """Return the octets of application data that a side sent, 0 or more.

    Each counts once, however often it was repeated, and counts although the
    capture holds no segment with it: a hole that only a retransmission filled, a
    frame that was not captured, or a filter's doing. A gap of one octet at the
    end of a side whose FIN is not there is that FIN.
    """
    if side.syns > 0 and not side.isn_known:
        # That SYN was not its own: from there on nothing is counted.
        return max(0, side.octets)
    finished = side.fins > 0 and side.fin_seq < side.next
    sent = side.next - 1 - (1 if finished else 0)
    if not finished and sent == side.octets + 1:
        return max(0, side.octets)
    return max(0, sent)
