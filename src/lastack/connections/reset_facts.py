"""What the reset that ended a connection tells: its form, its moment, what followed."""

from lastack.connections.connection import Connection
from lastack.connections.decisive import is_confirmed
from lastack.connections.facts import Facts
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
from lastack.connections.side import late_from
from lastack.connections.surroundings import Surroundings

ACK_FLAG = 16
MILLISECOND = 1_000_000
SECOND = 1_000_000_000
FIN_WAIT_2_TIME = 59_500_000_000
"""Linux keeps an orphan in FIN_WAIT_2 for tcp_fin_timeout: 60 s by default."""
LEAST_FIN_TIMEOUT = 950_000_000
"""What TCP_LINGER2 and tcp_fin_timeout can be set to at least: 1 s."""
AT_ONCE = 5_000_000
"""Who forges resets both ways sends them in one go; programs take no longer.

What is longer before its cause was captured by a clock that was set back.
"""
FEW = 3
FEWEST_REPEATS = 5
"""Windows repeats data so often before it gives up, BSD 12 times."""
A_SMALL_PART = 20
"""So much slower a path is than the host at which it was captured."""
OVERDUE = 3
"""Last intervals after which a probe is missing: each is twice the one before.

Where one probe was lost, the next one comes after six.
"""
LONG_IDLE = 55_000_000_000


def gather_reset(
    facts: Facts, connection: Connection, reset: Reset, surroundings: Surroundings
) -> None:
    """Take down the decisive reset: its form, its moment, its sender's past."""
    segment: Seen = reset.segment
    sender = connection.side0 if segment.side == 0 else connection.side1
    facts.resetter = 1 if segment.side == connection.client else 2
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
            or (
                facts.octets_unseen == facts.resetter
                and segment.seq == sender.latest.seq
            )
            or (reset.sender_fin_unseen and reset.ahead_of_sent == 1)
            or (reset.ahead_of_sent > 0 and is_confirmed(connection, reset))
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
        facts.goes_on_elsewhere = surroundings.goes_on_elsewhere(connection)
        facts.reset_ttl_known = ttl >= 0
        facts.reset_ttl_differs = ttl >= 0 and not surroundings.has_ttl(
            connection, segment.ttl
        )
    if not surroundings.ttl_tells(connection):
        facts.reset_ttl_known = False
        facts.reset_ttl_differs = False
        facts.reset_ttl_same_distance = False
        facts.ttl_of_other_port = False
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
    if reset.offender is not None:
        facts.offence_foreign = reset.timestamps and not reset.offender.timestamped
    facts.reset_answers_with_ack = reset.answers_with_ack
    facts.reset_ttl_high = segment.ttl > 128
    facts.reset_ttl_of_windows = 64 < segment.ttl <= 128
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
        facts.reset_at_once = -AT_ONCE < since < AT_ONCE + took * 3 // 2
        facts.answered_at_once = not reset.data_after_answer and (
            -AT_ONCE < reset.since_data < 4 * AT_ONCE + took
            or -AT_ONCE < reset.since_answer < 2 * AT_ONCE
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
        facts.fin_just_sent = -MILLISECOND < since < MILLISECOND
        facts.fin_long_ago = since > LEAST_FIN_TIMEOUT
        facts.fin_wait_2_over = since > FIN_WAIT_2_TIME
    facts.resetter_got_data = reset.receiver_octets > 0
    facts.resetter_sent_data = reset.sender_octets > 0
    facts.data_unanswered = reset.data_after_answer
    gather_keepalive(facts, reset)
    if facts.probes_answered and connection.established_time > 0:
        # Whoever is here answers his part of the handshake at once.
        forth = connection.syn_ack_time - connection.syn_time
        back = connection.established_time - connection.syn_ack_time
        facts.answers_heard = (
            connection.side0.syns + connection.side1.syns == 1
            and connection.side0.syn_acks + connection.side1.syn_acks == 1
            and hops(reset.reference_ttl) == 0
            and reset.sender_answers > 1
            and (
                A_SMALL_PART * back < forth
                if facts.resetter == 1
                else A_SMALL_PART * forth < back
            )
        )
    facts.resetter_repeated = reset.sender_repeats > 1
    facts.resetter_repeated_often = reset.sender_repeats >= FEWEST_REPEATS
    facts.other_repeated = reset.receiver_repeats > 0
    facts.idle_long = reset.idle > LONG_IDLE
    facts.resetter_zero_window = reset.sender_zero_window
    facts.other_zero_window = reset.receiver_zero_window
    if reset.probe_overdue >= OVERDUE:
        facts.prober_overdue = 2 if reset.probe_overdue > 2 * OVERDUE else 1
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
    facts.fin_disowned = connection.fin_disowned
    facts.reset_may_answer = reset.may_answer
    for candidate in connection.resets:
        later: Reset = candidate
        if later is reset:
            continue
        apart = later.segment.time - segment.time
        if later.segment.frame < segment.frame:
            # A kernel's answer to the one who resets just now was not ignored.
            facts.reset_ignored = (
                later.segment.side == segment.side or later.answers == NOTHING
            )
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
            if later.answers == NOTHING and -AT_ONCE < apart < AT_ONCE:
                # One forger makes both alike.
                same = (later.segment.flags ^ segment.flags) & ACK_FLAG == 0
                facts.reset_both_ways = facts.reset_both_ways or same
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
