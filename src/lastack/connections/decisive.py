"""Which reset ended a connection, if one did."""

from lastack.connections.connection import Connection
from lastack.connections.order import disorder, is_after
from lastack.connections.reset import A_SYN, DATA, NOTHING, Reset
from lastack.connections.side import Side

ACK_FLAG = 16
CROSSING = 1_000_000_000
"""Nanoseconds that two resets are on their way at the same time, at most."""


def decisive_reset(connection: Connection) -> Reset | None:
    """Return the reset that ended the connection, if one did.

    A reset after both FINs were acknowledged ends nothing; neither does one
    with a wrong sequence number (RFC 5961 3.2: a challenge ACK, or nothing),
    or one after which both sides go on.
    """
    for candidate in connection.resets:
        reset: Reset = candidate
        segment = reset.segment
        sender = connection.side0 if segment.side == 0 else connection.side1
        receiver = connection.side1 if segment.side == 0 else connection.side0
        if came_after_close(reset, sender, receiver):
            continue
        if not is_acceptable(reset, sender) and not (
            reset.challenged
            and reset.sender_after == 0
            and is_confirmed(connection, reset)
        ):
            # Behind data that never arrived it is not taken, but asked about.
            continue
        if connection.odd_answer_to_syn > 0 and reset.sender_after > 0:
            # A reset from SYN_SENT refuses an old answer; the SYN goes on.
            continue
        if (
            reset.receiver_after > 0
            and reset.sender_after > 0
            and not is_confirmed(connection, reset)
        ):
            if reset.challenged and reset.receiver_after > 1:
                continue
            if reset.receiver_data_after > 0 and reset.sender_after > 1:
                continue
            if receiver.first_fin.frame > 0 and receiver.first_fin.time > segment.time:
                continue
        return crossing_abort(connection, reset, receiver) or reset
    return None


def crossing_abort(
    connection: Connection, refusal: Reset, receiver: Side
) -> Reset | None:
    """Return the abort of the refused side that a refusal crossed on its way.

    No reset is ever answered by one (RFC 9293 3.10.7.1), and a socket that takes
    one is gone. So who resets of itself just after it was refused had done so
    before the refusal came.
    """
    if refusal.segment.flags & ACK_FLAG or refusal.answers != DATA:
        return None
    for candidate in connection.resets:
        reset: Reset = candidate
        segment = reset.segment
        since = segment.time - refusal.segment.time
        if (
            reset is not refusal
            and segment.side == receiver.index
            and segment.flags & ACK_FLAG
            and reset.answers == NOTHING
            and 0 <= since < CROSSING
            and reset.ahead_of_sent == 0
            and reset.ack_beyond < 0
            and not reset.sender_fin
            and segment.ttl == reset.reference_ttl
            and (segment.timestamped or not reset.timestamps)
        ):
            return reset
    return None


def is_confirmed(connection: Connection, first: Reset) -> bool:
    """Return whether a socket's reset that came too early is confirmed by another.

    It overtook its sender's last data, or that was lost. The receiver then asks by
    a challenge ACK (RFC 5961 3.2), and a host whose socket is gone answers that by
    a reset of the acknowledged number; of a forged one it would know nothing.
    """
    segment = first.segment
    if not (
        segment.flags & ACK_FLAG
        and first.answers == NOTHING
        and first.ahead_of_acked > 0
        and segment.ttl == first.reference_ttl
        and (segment.timestamped or not first.timestamps)
    ):
        return False
    for candidate in connection.resets:
        reset: Reset = candidate
        behind = segment.seq - reset.segment.seq
        if (
            reset.segment.side == segment.side
            and reset.segment.frame > segment.frame
            and not reset.segment.flags & ACK_FLAG
            and reset.segment.ttl == segment.ttl
            and 0 <= behind <= first.ahead_of_acked
        ):
            return True
    return False


def came_after_close(reset: Reset, sender: Side, receiver: Side) -> bool:
    """Return whether both FINs had been acknowledged before the reset.

    By the time of the one that was acknowledged last. Which one that is, the FINs
    themselves say, also where the clock was set back between them: who acknowledged
    a FIN by his own had done so before that was acknowledged.
    """
    if not sender.fin_acked or not receiver.fin_acked:
        return False
    if sender.first_fin.frame > 0 and sender.first_fin.ack > receiver.fin_seq:
        closed = sender.fin_acked_time
    elif receiver.first_fin.frame > 0 and receiver.first_fin.ack > sender.fin_seq:
        closed = receiver.fin_acked_time
    else:
        closed = max(sender.fin_acked_time, receiver.fin_acked_time)
    apart = reset.segment.time - closed
    return is_after(apart, reset.behind_both_fins, disorder(sender, receiver))


def is_acceptable(reset: Reset, sender: Side) -> bool:
    """Return whether the receiver takes the reset by its sequence number.

    It does if it is exactly the next octet that the receiver expects, in
    SYN_SENT if it acknowledges the SYN, and on Linux also one before a FIN that
    was already taken (`tcp_reset_check`).
    """
    if reset.answers == A_SYN:
        return reset.segment.ack > 0 and reset.ack_beyond <= 0
    if not reset.sender_known or not reset.receiver_known or reset.hidden:
        return True
    if reset.ahead_of_sent == 0 or reset.ahead_of_acked == 0:
        return True
    if reset.segment.flags & ACK_FLAG and reset.segment.seq == sender.next:
        # It overtook the sender's last segments on the way.
        return True
    if sender.latest.seq > sender.next and reset.segment.seq == sender.latest.seq:
        # Its sender counted the octets before it as sent; the capture lost them.
        return True
    if reset.offender is not None:
        return True
    if reset.sender_fin_unseen:
        return True
    return reset.sender_fin and reset.ahead_of_sent == -1
