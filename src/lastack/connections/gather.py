"""From what was seen of a connection to the facts that endings judge."""

from lastack.connections.connection import Connection
from lastack.connections.decisive import came_after_close, decisive_reset
from lastack.connections.facts import Facts
from lastack.connections.gaps import MUCH
from lastack.connections.order import disorder, is_after
from lastack.connections.reset import Reset
from lastack.connections.reset_facts import gather_reset
from lastack.connections.side import late_from
from lastack.connections.surroundings import Surroundings, missing_of

SYN_FLAG = 2
ACK_FLAG = 16
SECOND = 1_000_000_000
FIN_WAIT_2_TIME = 59_500_000_000
"""Linux keeps an orphan in FIN_WAIT_2 for tcp_fin_timeout: 60 s by default."""
LEAST_FIN_TIMEOUT = 950_000_000
"""What TCP_LINGER2 and tcp_fin_timeout can be set to at least: 1 s."""
MASK32 = 0xFFFFFFFF
FEW = 2
MILLISECOND = 1_000_000
OVERDUE = 2_000_000_000
"""Nanoseconds after which any kernel has repeated what was not acknowledged."""
LOOKUP_TIME = 4_000_000_000
"""A router that finds no neighbour says so after 3 s, and SYNs a second apart."""
A_MOMENT = 1_000_000_000
"""Nanoseconds that a program may take to close when its peer has."""
HALF_OPEN_TIME = 63_000_000_000
"""Linux repeats its SYN-ACK for 63 s: tcp_synack_retries is 5 by default."""


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
    facts.only_acks = (
        client.packets == 1
        and server.packets == 1
        and client.latest.flags == ACK_FLAG
        and server.latest.flags == ACK_FLAG
        and client.latest.length == 0
        and server.latest.length == 0
    )
    facts.odd_answer_to_syn = connection.odd_answer_to_syn > 0
    facts.stale = connection.challenge_reset is not None
    previous = connection.previous
    if previous is not None and previous.answered and not previous.established:
        since = connection.first_time - previous.syn_ack_time
        facts.met_half_open = previous.reset_count == 0 and since < HALF_OPEN_TIME
    gather_gaps(facts, connection, surroundings)
    gather_closing(facts, connection)
    if facts.first_fin_acked and not facts.both_closed:
        closer = connection.side0 if connection.first_fin == 0 else connection.side1
        rest = surroundings.capture_end - closer.fin_acked_time
        facts.fin_just_acked = rest < A_MOMENT
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
        if side.latest.frame > 0 and side.latest.seq > side.next:
            facts.octets_unseen = side_of(connection, index)
        if side.gaps is None:
            continue
        if side.gaps.fin is not None:
            facts.fin_unseen |= side_of(connection, index)
        plain = side.packets - side.syns - side.syn_acks
        if facts.established and plain < FEW and side.gaps.missing(side.acked) > 0:
            if side.latest_data.frame == 0 and side.syns + side.syn_acks > 0:
                facts.rest_unseen = side_of(connection, index)
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
    if first.first_fin.frame > 0 and second.first_fin.frame > 0:
        since = second.first_fin.time - first.first_fin.time
        facts.fin_long_ago = since > LEAST_FIN_TIMEOUT
    unseen = None if first.gaps is None else first.gaps.fin
    if first.packets == 0 and unseen is not None and second.first_fin.frame > 0:
        since = second.first_fin.time - unseen.time
        facts.fin_wait_2_over = since > FIN_WAIT_2_TIME
        facts.fin_long_ago = since > LEAST_FIN_TIMEOUT
    facts.first_fin_acked = first.fin_acked
    facts.second_fin_acked = second.fin_acked
    facts.fin_beyond_hole = (
        first.gaps is not None
        and first.first_fin.frame > 0
        and not first.fin_acked
        and second.latest.frame > first.first_fin.frame
        and first.gaps.lacks(first.first_fin.seq)
    )
    if second.gaps is not None and second.gaps.fin is not None:
        # What first acknowledged the other's FIN stood behind it already.
        facts.fins_crossed = connection.fin_answer == (second.fin_seq + 1) & MASK32
        if first.first_fin.frame > 0 and first.answers > 0 and second.answers > 0:
            # The second one cannot have known of the first in less than a round trip.
            since = second.gaps.fin.time - first.first_fin.time
            took = first.fastest + second.fastest
            if took > MILLISECOND and 0 < since * 4 < took * 3:
                facts.fins_crossed = True
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


def gather_silence(
    facts: Facts, connection: Connection, surroundings: Surroundings
) -> None:
    """Find out who waits in vain at the end of the capture, and for what."""
    for index in range(2):
        side = connection.side0 if index == 0 else connection.side1
        peer = connection.side1 if index == 0 else connection.side0
        who = side_of(connection, index)
        last = side.latest
        # A SYN-ACK sent again though acknowledged found its accept queue full.
        answered = side.repeats > 1 and side.repeats_acked > 1
        if answered and last.flags & SYN_FLAG == 0:
            facts.repeats_though_acked = who
            facts.acked_repeats_often = side.repeats_acked > 2
        if side.zero_window is not None:
            facts.zero_window = who
            facts.window_probed = peer.probes_total > 0 or peer.repeats > 0
        # The other side may speak and never acknowledge what is sent again.
        unheard = side.repeats > 2 and side.acked <= side.repeats_seq
        if peer.repeats > 1 and peer.repeats_acked > 1:
            # It is the peer that hears nothing.
            unheard = False
        if (side.unanswered == 0 and not unheard) or last.frame == 0:
            continue
        if side.acked >= side.next and side.acked > 1 and side.repeats_acked == 1:
            # All was acknowledged; what it sent again crossed that on the way.
            continue
        if peer.latest.frame > 0 and not unheard:
            apart = peer.latest.time - last.time
            frames_apart = peer.latest.frame
            frames_apart -= last.frame
            if is_after(apart, frames_apart, disorder(side, peer)):
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
        if not unheard:
            tries = min(tries, side.unanswered)
        if tries > 1:
            facts.repeated_once = True
        facts.repeated_often = tries > 3
        spent = last.time - side.unanswered_since
        rest = surroundings.capture_end - last.time
        # The wait after the last try is at least as long as all before it,
        # since every one doubles; keepalive's are equal.
        if facts.established and tries == 1 and not facts.waiting_probe:
            # Each kernel repeats what is not acknowledged, unless the window is shut.
            if rest + spent > OVERDUE and peer.zero_window is None:
                facts.rest_unseen = 3 - who
        unseen = peer.unseen_fin
        if unseen is not None and unseen.frame > peer.latest.frame and peer.packets > 0:
            # Nor is anything here that it sent since.
            facts.rest_unseen = 3 - who
        facts.gave_up = tries > 1 and rest * 10 > spent * 9
        if facts.waiting_syn and tries == 1:
            # Every kernel repeats its SYN after 1 s; long ago it was 3 s.
            facts.gave_up = rest > SECOND * 13 // 10
        facts.error_unseen = (
            facts.waiting_syn
            and tries > 1
            and spent < LOOKUP_TIME
            and (facts.loss > 0 or not surroundings.shows_errors)
        )
