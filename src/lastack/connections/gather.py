"""From what was seen of a connection to the facts that endings judge."""

from lastack.connections import sighting
from lastack.connections.connection import Connection
from lastack.connections.facts import Facts
from lastack.connections.gaps import MUCH
from lastack.connections.keepalive import gather_keepalive
from lastack.connections.reset import (
    A_FIN,
    A_PROBE,
    A_SYN,
    A_SYN_ACK,
    AN_ACK,
    DATA,
    LAST_ACK_OF_HANDSHAKE,
    NOTHING,
    Reset,
)
from lastack.connections.seen import Seen
from lastack.connections.side import Side
from lastack.connections.surroundings import Surroundings, missing_of

SYN_FLAG = 2
ACK_FLAG = 16
MILLISECOND = 1_000_000
SECOND = 1_000_000_000
FIN_WAIT_2_TIME = 59_500_000_000
"""Linux keeps an orphan in FIN_WAIT_2 for tcp_fin_timeout: 60 s by default."""
HALF_OPEN_TIME = 63_000_000_000
"""Linux repeats its SYN-ACK for 63 s: tcp_synack_retries is 5 by default."""
LEAST_FIN_TIMEOUT = 950_000_000
"""What TCP_LINGER2 and tcp_fin_timeout can be set to at least: 1 s."""
AT_ONCE = 5_000_000
"""Who forges resets both ways sends them in one go; programs take no longer."""
FEW = 3
LONG_IDLE = 55_000_000_000
SHORT_IDLE = 3_000_000_000


def gather(connection: Connection, surroundings: Surroundings) -> Facts:
    """Return the facts of one connection of a capture."""
    facts = Facts()
    gather_into(facts, connection, surroundings)
    return facts


def gather_into(
    facts: Facts, connection: Connection, surroundings: Surroundings
) -> None:
    """Answer the questions of `facts`, which were all answered with no."""
    client = connection.side0 if connection.client == 0 else connection.side1
    server = connection.side1 if connection.client == 0 else connection.side0
    facts.client_known = connection.client_known
    facts.syn = client.syns > 0
    facts.syn_ack = server.syn_acks > 0
    # A FIN tells that the handshake's last step was there, seen or not.
    facts.established = (
        connection.established
        or (not facts.syn and not facts.syn_ack)
        or (facts.syn_ack and connection.first_fin >= 0)
    )
    facts.client_seen = client.packets > 0
    facts.server_seen = server.packets > 0
    # Data that a FIN overtook counts for nothing new.
    facts.client_data = client.octets > 0 or client.latest_data.frame > 0
    facts.server_data = server.octets > 0 or server.latest_data.frame > 0
    facts.syn_repeated = client.syns > 1
    facts.syn_ack_repeated = server.syn_acks > 1
    # Once may be the loss of an ACK; twice, or data that is ignored, is not.
    facts.syn_ack_repeated_after_ack = connection.syn_ack_repeated_after_ack > 1 or (
        connection.syn_ack_repeated_after_ack > 0
        and client.octets > 0
        and client.acked <= 1
    )
    # Nothing shows that the server's side of the handshake was completed.
    facts.server_silent = server.syn_acks > 0 and server.packets == server.syn_acks
    facts.odd_answer_to_syn = connection.odd_answer_to_syn > 0
    facts.replaced = connection.replaced
    facts.stale = connection.challenge_reset is not None
    previous = connection.previous
    if previous is not None and previous.answered and not previous.established:
        since = connection.first_time - previous.syn_ack_time
        facts.met_half_open = previous.reset_count == 0 and since < HALF_OPEN_TIME
    gather_gaps(facts, connection, surroundings)
    gather_closing(facts, connection)
    reset = decisive_reset(connection)
    if reset is None and connection.reset_count > 0:
        gather_idle_resets(facts, connection)
    if reset is not None:
        gather_reset(facts, connection, reset, surroundings)
    if facts.syn_ack and not surroundings.unfiltered:
        facts.hidden = True
    if not facts.syn_ack and surroundings.one_way and not surroundings.answers:
        # Who answered, and how, is in no connection of the capture.
        facts.hidden = facts.hidden or facts.resetter == 0
    gather_icmp(facts, connection)
    gather_silence(facts, connection, surroundings)
    if facts.waiting_syn or facts.reset_answers_handshake or facts.syn_ack_repeated:
        facts.served_others = surroundings.served_others(connection)


def side_of(connection: Connection, index: int) -> int:
    """Return 1 for the client's index, 2 for the server's."""
    return 1 if index == connection.client else 2


def gather_gaps(
    facts: Facts, connection: Connection, surroundings: Surroundings
) -> None:
    """Tell what the capture lacks: of all frames, and of this connection's last."""
    facts.loss = surroundings.loss
    if missing_of(connection) > 0 and facts.loss < MUCH:
        facts.loss += 1
    for index in range(2):
        side = connection.side0 if index == 0 else connection.side1
        if side.gaps is None:
            continue
        if side.gaps.fin is not None:
            facts.fin_unseen |= side_of(connection, index)
        if side.fins == 0 and side.gaps.lacks(side.next) and side.acked == side.next:
            facts.last_octets_missing = True


def gather_closing(facts: Facts, connection: Connection) -> None:
    """Find out who closed first and what came after it."""
    if connection.first_fin < 0:
        return
    first = connection.side0 if connection.first_fin == 0 else connection.side1
    second = connection.side1 if connection.first_fin == 0 else connection.side0
    facts.first_closer = side_of(connection, connection.first_fin)
    facts.hidden = (
        facts.syn_ack
        and first.packets == first.syns + first.syn_acks + first.fins
        and second.packets == second.syns + second.syn_acks + second.fins
        and first.octets == 0
        and second.octets == 0
    )
    facts.both_closed = second.fins > 0
    facts.fins_crossed = connection.fins_crossed
    facts.fin_wait_2_over = (
        first.first_fin.frame > 0
        and second.first_fin.frame > 0
        and second.first_fin.time - first.first_fin.time > FIN_WAIT_2_TIME
    )
    facts.first_fin_acked = first.fin_acked
    facts.second_fin_acked = second.fin_acked
    if second.gaps is not None and second.gaps.fin is not None:
        answer = second.last
        # Its FIN was not in the segment that first acknowledged the other's.
        facts.fins_crossed = (
            answer is not None
            and answer.seq > second.fin_seq
            and first.fin_acked
            and first.fin_acked_time == answer.time
        )
    late = late_from(first)
    if second.fins > 0 and second.fin_seq > late:
        # The data before it may have been lost on its way here.
        facts.late_data = True
        facts.late_data_acked = first.ack > late
    if second.latest_data.frame > 0:
        end = second.latest_data.seq + second.latest_data.length
        # What comes behind the second FIN is no data of this connection.
        if end > late and (second.fins == 0 or end <= second.fin_seq):
            facts.late_data = True
            facts.late_data_acked = first.ack > late
            facts.late_data_knew = second.latest_data.ack > first.fin_seq
    for side in (second, first):
        if side.fins > 1 and not side.fin_acked:
            facts.fin_never_acked = side_of(connection, side.index)
            facts.fin_sent_often = side.fins > 2


def late_from(first: Side) -> int:
    """Return where the peer's data begins that the first FIN did not cover.

    If that FIN was not seen: what the peer sent when it acknowledged it, and since.
    """
    if first.first_fin.frame > 0:
        return first.first_fin.ack
    if first.gaps is not None and first.gaps.fin is not None:
        return first.gaps.fin.seq
    return 1


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
        if not is_acceptable(reset, sender):
            continue
        if connection.odd_answer_to_syn > 0 and reset.sender_after > 0:
            # A reset from SYN_SENT refuses an old answer; the SYN goes on.
            continue
        if reset.receiver_after > 0 and reset.sender_after > 0:
            if reset.challenged and reset.receiver_after > 1:
                continue
            if reset.receiver_data_after > 0 and reset.sender_after > 1:
                continue
            if receiver.first_fin.frame > 0 and receiver.first_fin.time > segment.time:
                continue
        return reset
    return None


def came_after_close(reset: Reset, sender: Side, receiver: Side) -> bool:
    """Return whether both FINs had been acknowledged before the reset."""
    return (
        sender.fin_acked
        and receiver.fin_acked
        and sender.fin_acked_time <= reset.segment.time
        and receiver.fin_acked_time <= reset.segment.time
    )


def gather_idle_resets(facts: Facts, connection: Connection) -> None:
    """Tell resets that ended nothing: after the close, or ignored before it."""
    for candidate in connection.resets:
        reset: Reset = candidate
        sender = connection.side0 if reset.segment.side == 0 else connection.side1
        receiver = connection.side1 if reset.segment.side == 0 else connection.side0
        if came_after_close(reset, sender, receiver):
            facts.reset_after_close = True
        else:
            facts.reset_ignored = True


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
    if reset.offender is not None:
        return True
    if reset.sender_fin_unseen:
        return True
    return reset.sender_fin and reset.ahead_of_sent == -1


def gather_reset(
    facts: Facts, connection: Connection, reset: Reset, surroundings: Surroundings
) -> None:
    """Take down the decisive reset: its form, its moment, its sender's past."""
    segment: Seen = reset.segment
    sender = connection.side0 if segment.side == 0 else connection.side1
    facts.resetter = side_of(connection, segment.side)
    facts.reset_has_ack = (segment.flags & ACK_FLAG) != 0
    facts.reset_window_zero = segment.window == 0
    facts.reset_answers_syn = reset.answers == A_SYN
    facts.reset_answers_syn_ack = reset.answers == A_SYN_ACK
    facts.reset_answers_handshake = reset.first_step and (
        reset.answers == LAST_ACK_OF_HANDSHAKE or reset.answers == DATA
    )
    facts.answered_unsent = (
        reset.offence_unsent and not reset.hidden and surroundings.unfiltered
    )
    facts.reset_answers_data = reset.answers == DATA
    facts.reset_answers_fin = reset.answers == A_FIN
    facts.reset_answers_probe = reset.answers == A_PROBE
    facts.reset_answers_ack = reset.answers == AN_ACK
    facts.sender_unknown = not reset.sender_known
    facts.other_unknown = not reset.receiver_known
    if reset.sender_known:
        facts.reset_seq_is_sent = (
            reset.ahead_of_sent == 0
            or segment.seq == sender.next
            or (reset.sender_fin_unseen and reset.ahead_of_sent == 1)
        )
        facts.reset_seq_is_fin = reset.sender_fin and reset.ahead_of_sent == -1
        facts.reset_ttl_known = True
        facts.reset_ttl_differs = (
            segment.ttl != reset.reference_ttl
            and segment.ttl != reset.reference_ttl_first
            and not (
                # Of few segments its usual TTL is not known yet.
                facts.resetter == 2
                and sender.packets < FEW
                and surroundings.has_ttl(connection, segment.ttl)
            )
        )
        facts.reset_ttl_same_distance = facts.reset_ttl_differs and (
            hops(segment.ttl) == hops(reset.reference_ttl)
        )
        if segment.ip_id >= 0 and reset.reference_ip_id > 0:
            step = (segment.ip_id - reset.reference_ip_id) & 0xFFFF
            facts.reset_ip_id_continues = 0 < step < 64
            facts.reset_ip_id_skips = 1 < step < 64
    else:
        ttl = -1
        if facts.resetter == 2:
            ttl = surroundings.server_ttl(connection)
            facts.ttl_of_other_port = ttl >= 0 and not surroundings.serves(connection)
            facts.served_just_before = surroundings.served_just_before(
                connection, segment.time
            )
        facts.reset_ttl_known = ttl >= 0
        facts.reset_ttl_differs = ttl >= 0 and not surroundings.has_ttl(
            connection, segment.ttl
        )
    facts.hidden = reset.hidden
    facts.answer_is_late = reset.late
    facts.reset_seq_zero = reset.seq_zero
    facts.reset_seq_is_acked = reset.receiver_known and reset.ahead_of_acked == 0
    if facts.reset_has_ack and reset.sender_known:
        facts.reset_acks_new_data = not reset.hidden and reset.ack_ahead > (
            1 if reset.receiver_fin else 0
        )
        facts.reset_ack_behind = reset.ack_ahead < 0
        facts.reset_ack_beyond = (
            reset.receiver_known and not reset.hidden and reset.ack_beyond > 0
        )
    facts.reset_ip_id_zero = segment.ip_id == 0
    # Linux's SYN-ACK has ID 0; its socket counts from somewhere else on.
    facts.reset_ip_id_unknown = segment.ip_id < 0 or reset.reference_ip_id <= 0
    facts.reset_lacks_timestamps = reset.timestamps and not segment.timestamped
    facts.reset_timestamped = reset.timestamps and segment.timestamped
    facts.reset_window_doubled = (
        reset.window_before >= 0
        and segment.window >= 2 * reset.window_before
        and segment.window > 0
        and 2 * reset.window_before <= max(reset.window_max, segment.window)
        and not reset.receiver_fin
        and reset.receiver_octets > 0
    )
    facts.reset_window_stays = (
        segment.window == reset.window_before
        and 4 * segment.window <= 3 * reset.window_max
        and reset.receiver_octets > 0
    )
    if facts.reset_answers_handshake:
        if reset.offender is not None:
            # The next SYN-ACK would come after twice the time until the last.
            spent = reset.offender.time - reset.idle - connection.syn_ack_time
            facts.handshake_expired = reset.idle > spent + SECOND * 4 // 5
        facts.listener_gone = surroundings.listener_gone(connection, segment.time)
        facts.listener_goes_on = surroundings.listener_goes_on(connection, segment.time)
    if facts.reset_has_ack and facts.resetter == 2:
        facts.reset_together = surroundings.reset_together(connection, segment.time)
        if reset.sender_octets == 0:
            facts.served_after = surroundings.served_after(connection, segment.time)
    if facts.syn and connection.established_time > 0:
        took = connection.established_time - connection.syn_time
        since = segment.time - connection.established_time
        facts.reset_at_once = since < AT_ONCE + took * 3 // 2
        facts.answered_at_once = not reset.data_after_answer and (
            reset.since_data < 4 * AT_ONCE + took or reset.since_answer < 2 * AT_ONCE
        )
    once = reset.once
    if reset.answers == A_SYN and facts.resetter == 2:
        client = connection.side0 if segment.side == 1 else connection.side1
        once = client.duplicates == 0 and surroundings.is_doubled(connection)
    facts.reset_made_here = once and not connection.reset_copied
    facts.reset_too_fast = is_too_fast(reset)
    gather_what_followed(facts, connection, reset)
    facts.fin_wait_2_over = False
    facts.resetter_closed = reset.sender_fin
    if reset.sender_fin_unseen:
        facts.fin_unseen |= facts.resetter
    facts.other_knew_fin = reset.sender_fin_acked or (
        reset.sender_fin and sender.fin_acked
    )
    if reset.sender_fin:
        since = segment.time - reset.sender_fin_time
        if reset.offender is not None:
            since = reset.offender.time - reset.sender_fin_time
            if reset.offender.seq > late_from(sender):
                # It stands behind data, in the capture or not.
                facts.late_data = True
        facts.fin_just_sent = since < MILLISECOND
        facts.fin_long_ago = since > LEAST_FIN_TIMEOUT
        facts.fin_wait_2_over = since > FIN_WAIT_2_TIME
    facts.other_closed = reset.receiver_fin
    facts.resetter_got_data = reset.receiver_octets > 0
    facts.resetter_sent_data = reset.sender_octets > 0
    facts.data_unanswered = reset.data_after_answer
    gather_keepalive(facts, reset)
    facts.resetter_repeated = reset.sender_repeats > 1
    facts.other_repeated = reset.receiver_repeats > 0
    facts.idle_long = reset.idle > LONG_IDLE
    facts.idle_short = reset.idle > SHORT_IDLE
    facts.resetter_zero_window = reset.sender_zero_window
    facts.other_zero_window = reset.receiver_zero_window
    facts.queue_was_read = reset.queue_was_read
    facts.stalled_before = reset.stalled_before


def hops(ttl: int) -> int:
    """Return how many routers a packet passed, if it began as systems begin."""
    return (64 if ttl <= 64 else 128 if ttl <= 128 else 255) - ttl


def gather_what_followed(facts: Facts, connection: Connection, reset: Reset) -> None:
    """Find out whether the pretended sender of a reset knew of it."""
    segment: Seen = reset.segment
    sender = connection.side0 if segment.side == 0 else connection.side1
    facts.reset_sender_goes_on = reset.sender_after > 0
    facts.forged_before = connection.fin_disowned
    facts.reset_may_answer = reset.may_answer
    for candidate in connection.resets:
        later: Reset = candidate
        if later is reset:
            continue
        apart = later.segment.time - segment.time
        if later.segment.frame < segment.frame:
            facts.reset_ignored = True
            if later.answers == NOTHING and later.sender_known:
                # Somebody else has already spoken in a host's name.
                facts.forged_before = (
                    later.segment.ttl != later.reference_ttl
                    and later.segment.ttl != later.reference_ttl_first
                )
        elif later.segment.seq == segment.seq and apart < AT_ONCE:
            # Another copy of it.
            facts.reset_made_here = False
        if later.segment.side != segment.side:
            # Who was reset answers later segments by resets of its own.
            if later.answers == NOTHING and -AT_ONCE < apart < AT_ONCE:
                # One forger makes both alike.
                same = (later.segment.flags ^ segment.flags) & ACK_FLAG == 0
                facts.reset_both_ways = facts.reset_both_ways or same
            elif apart > 0:
                facts.reset_answered_by_reset = True
        elif (
            -50 * MILLISECOND < apart < 50 * MILLISECOND
            and later.segment.seq != segment.seq
            and later.ahead_of_sent > 0
            and (later.segment.flags ^ segment.flags) & ACK_FLAG == 0
            and later.segment.seq > sender.next
        ):
            # Its sender never sent as much: a guess at what is on its way.
            facts.reset_burst = True
        elif later.answers != NOTHING and not facts.reset_has_ack:
            # Its host knows of no connection, now and perhaps before.
            facts.reset_may_answer = True


def is_too_fast(reset: Reset) -> bool:
    """Return whether the reset came faster than its sender can answer.

    How fast that host answers at this capture point is known from its other
    answers; a reset in less than a quarter of that was sent by something nearer.
    """
    if reset.answers == NOTHING or reset.answers == A_SYN:
        return False
    if reset.sender_answers < 2 or reset.sender_fastest < 2 * MILLISECOND:
        return False
    took = reset.segment.time - reset.earliest_offence
    return 0 <= took * 4 < reset.sender_fastest


def gather_icmp(facts: Facts, connection: Connection) -> None:
    """Take down an ICMP error that can end a connection.

    Unreachable of any code but "fragmentation needed"; ICMPv6 type 1. Packet
    too big and time exceeded are no verdict on the connection.
    """
    if connection.icmp_count == 0:
        return
    if connection.version == 4:
        facts.icmp = connection.icmp_type == 3 and connection.icmp_code != 4
    else:
        facts.icmp = connection.icmp_type == 1
    if facts.icmp:
        facts.icmp_about = side_of(connection, connection.icmp_about)


def is_later(one: sighting.Sighting, other: sighting.Sighting) -> bool:
    """Return whether one segment came after another.

    By its time, for of several interfaces the file's order is not that of time;
    but by its place where the clock was set back by more than an answer takes.
    """
    apart = one.time - other.time
    if -SECOND < apart < SECOND:
        return apart > 0
    return one.frame > other.frame


def gather_silence(
    facts: Facts, connection: Connection, surroundings: Surroundings
) -> None:
    """Find out who waits in vain at the end of the capture, and for what."""
    for index in range(2):
        side = connection.side0 if index == 0 else connection.side1
        peer = connection.side1 if index == 0 else connection.side0
        who = side_of(connection, index)
        if side.repeats > 1 and side.repeats_acked > 1:
            facts.repeats_though_acked = who
            facts.acked_repeats_often = side.repeats_acked > 2
        if side.zero_window is not None:
            facts.zero_window = who
            facts.window_probed = peer.probes_total > 0 or peer.repeats > 0
        last = side.latest
        if side.unanswered == 0 or last.frame == 0:
            continue
        if peer.latest.frame > 0 and is_later(peer.latest, last):
            continue
        facts.waiting = who
        facts.waiting_syn = last.flags & (SYN_FLAG | ACK_FLAG) == SYN_FLAG
        facts.waiting_syn_ack = last.flags & (SYN_FLAG | ACK_FLAG) == (
            SYN_FLAG | ACK_FLAG
        )
        facts.waiting_probe = side.probes > 0
        if not facts.waiting_probe and last.flags & SYN_FLAG == 0:
            facts.waiting_fin = side.fins > 0 and side.acked == side.fin_seq
            facts.waiting_data = not facts.waiting_fin
        tries = 1 + side.repeats
        if facts.waiting_syn:
            tries = side.syns
        elif facts.waiting_syn_ack:
            tries = side.syn_acks
        elif facts.waiting_probe:
            tries = side.probes
        # What is sent a third time was not acknowledged, whatever the other side
        # said in between; but what was answered was no try in vain.
        facts.repeated_once = facts.waiting_data and side.repeats > 1
        tries = min(tries, side.unanswered)
        if tries > 1:
            facts.repeated_once = True
        facts.repeated_often = tries > 3
        spent = last.time - side.unanswered_since
        rest = surroundings.capture_end - last.time
        # The wait after the last try is at least as long as all before it,
        # since every one doubles; keepalive's are equal.
        facts.gave_up = tries > 1 and rest * 10 > spent * 9
        if facts.waiting_syn and tries == 1:
            # Every kernel repeats its SYN after 1 s; long ago it was 3 s.
            facts.gave_up = rest > SECOND * 13 // 10
