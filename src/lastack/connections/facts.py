"""The facts of one connection: small answers to the questions endings ask.

An ending's signature sees nothing else. The facts are so few that equal ones
recur: a capture of a million connections has some hundreds of different ones,
and each is judged once (`alike`). `key()` packs them without loss.
"""

NONE = 0
CLIENT = 1
SERVER = 2


class Facts:
    """What was seen of a connection. A side is 0 none, 1 client, 2 server.

    `resetter` is the side whose address the decisive reset carries, `other` its
    peer; facts that begin with `reset_` are about that segment.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Answer every question with no, so that one object serves many."""
        # The handshake and the two directions.
        self.syn: bool = False
        self.syn_ack: bool = False
        self.established: bool = False
        self.client_seen: bool = False
        self.server_seen: bool = False
        self.client_data: bool = False
        self.server_data: bool = False
        self.syn_repeated: bool = False
        self.syn_ack_repeated: bool = False
        self.syn_ack_repeated_after_ack: bool = False
        self.odd_answer_to_syn: bool = False
        self.server_silent: bool = False
        # The FINs.
        self.first_closer: int = 0
        self.both_closed: bool = False
        self.fins_crossed: bool = False
        self.first_fin_acked: bool = False
        self.second_fin_acked: bool = False
        self.late_data: bool = False
        self.late_data_acked: bool = False
        self.late_data_knew: bool = False
        self.fin_never_acked: int = 0
        self.fin_sent_often: bool = False
        # What the capture lacks: how much of all its frames (NOTHING to MUCH, as
        # in `gaps`); whose FIN only its acknowledgement shows, 3 is both sides';
        # and whether a side without a FIN sent more than can be seen here.
        self.loss: int = 0
        self.fin_unseen: int = 0
        self.last_octets_missing: bool = False
        # The decisive reset.
        self.resetter: int = 0
        self.reset_ignored: bool = False
        self.forged_before: bool = False
        self.fin_disowned: bool = False
        self.reset_after_close: bool = False
        self.reset_has_ack: bool = False
        self.reset_window_zero: bool = False
        self.reset_answers_syn: bool = False
        self.reset_answers_syn_ack: bool = False
        self.reset_answers_handshake: bool = False
        self.reset_answers_data: bool = False
        self.reset_answers_fin: bool = False
        self.reset_answers_probe: bool = False
        self.reset_answers_ack: bool = False
        self.answered_unsent: bool = False
        self.answer_is_late: bool = False
        self.reset_seq_is_sent: bool = False
        self.reset_seq_is_acked: bool = False
        self.reset_seq_is_fin: bool = False
        self.reset_seq_zero: bool = False
        self.reset_acks_new_data: bool = False
        self.reset_ack_behind: bool = False
        self.reset_ack_beyond: bool = False
        self.reset_ttl_known: bool = False
        self.reset_ttl_differs: bool = False
        self.reset_ip_id_zero: bool = False
        self.reset_ip_id_continues: bool = False
        self.reset_ip_id_unknown: bool = False
        self.reset_lacks_timestamps: bool = False
        self.reset_timestamped: bool = False
        self.reset_ip_id_skips: bool = False
        self.reset_ttl_same_distance: bool = False
        self.ttl_of_other_port: bool = False
        self.reset_at_once: bool = False
        self.answered_at_once: bool = False
        self.reset_made_here: bool = False
        self.reset_too_fast: bool = False
        self.reset_window_doubled: bool = False
        self.reset_window_stays: bool = False
        self.reset_may_answer: bool = False
        self.reset_together: bool = False
        self.listener_gone: bool = False
        self.served_after: bool = False
        self.handshake_expired: bool = False
        self.listener_goes_on: bool = False
        self.reset_both_ways: bool = False
        self.reset_burst: bool = False
        self.reset_sender_goes_on: bool = False
        self.sender_unknown: bool = False
        self.hidden: bool = False
        self.other_unknown: bool = False
        # What the resetter had done.
        self.resetter_closed: bool = False
        self.other_knew_fin: bool = False
        self.fin_just_sent: bool = False
        self.fin_long_ago: bool = False
        self.fin_wait_2_over: bool = False
        self.resetter_got_data: bool = False
        self.resetter_sent_data: bool = False
        self.data_unanswered: bool = False
        self.keepalive_gave_up: bool = False
        self.single_probe: bool = False
        self.probes_steady: bool = False
        self.probes_uneven: bool = False
        self.probes_answered: bool = False
        self.resetter_repeated: bool = False
        self.other_repeated: bool = False
        self.idle_long: bool = False
        self.resetter_zero_window: bool = False
        self.other_zero_window: bool = False
        self.queue_was_read: bool = False
        self.stalled_before: bool = False
        # ICMP errors.
        self.icmp: bool = False
        self.icmp_about: int = 0
        # Silence at the end.
        self.waiting: int = 0
        self.waiting_syn: bool = False
        self.waiting_syn_ack: bool = False
        self.waiting_data: bool = False
        self.waiting_fin: bool = False
        self.waiting_probe: bool = False
        self.repeated_once: bool = False
        self.repeated_often: bool = False
        self.gave_up: bool = False
        self.repeats_though_acked: int = 0
        self.acked_repeats_often: bool = False
        self.zero_window: int = 0
        self.window_probed: bool = False
        self.served_others: bool = False
        self.stale: bool = False
        self.met_half_open: bool = False
        self.served_just_before: bool = False
        self.error_unseen: bool = False
        # What the reset refuses goes on where a connection of other addresses
        # or ports stopped.
        self.goes_on_elsewhere: bool = False
        # It has an ACK, and acknowledges to the octet what came just before it;
        # and the TTL of small stacks and network gear, which begins at 255.
        self.reset_answers_with_ack: bool = False
        self.reset_ttl_high: bool = False
        # The same for Windows, whose TTL begins at 128.
        self.reset_ttl_of_windows: bool = False
        # The side of which no frame behind the handshake is here, though it must
        # have sent some.
        self.rest_unseen: int = 0
        # Nothing but one bare acknowledgement of each side was seen.
        self.only_acks: bool = False
        # The capture ends so shortly after a FIN was acknowledged that no program
        # would have closed by then.
        self.fin_just_acked: bool = False
        # What it refuses lacks the timestamps that all segments of that side have.
        self.offence_foreign: bool = False
        # The probes' answers were heard, since their sender is captured at its host.
        self.answers_heard: bool = False
        # A FIN that stands behind data which never arrived, and is not acknowledged.
        self.fin_beyond_hole: bool = False
        # A probe of the resetter's closed window was due before the reset and did
        # not come: 1 if one may have been lost, 2 if several would have to be.
        self.prober_overdue: int = 0
        # The side whose last acknowledgement bears a number beyond all that is here
        # of it.
        self.octets_unseen: int = 0
        # It repeated as often as any kernel does before it gives up.
        self.resetter_repeated_often: bool = False

    def key(self) -> tuple[int, int, int]:
        """Return all facts as three integers: equal facts have equal keys."""
        return self.first_word(), self.second_word(), self.third_word()

    def first_word(self) -> int:
        """Return the first integer of the key, 0 .. 2**63 - 1."""
        one = 0
        one = one * 2 + self.syn
        one = one * 2 + self.syn_ack
        one = one * 2 + self.established
        one = one * 2 + self.client_seen
        one = one * 2 + self.server_seen
        one = one * 2 + self.client_data
        one = one * 2 + self.server_data
        one = one * 2 + self.syn_repeated
        one = one * 2 + self.syn_ack_repeated
        one = one * 2 + self.syn_ack_repeated_after_ack
        one = one * 2 + self.odd_answer_to_syn
        one = one * 2 + self.server_silent
        one = one * 3 + self.first_closer
        one = one * 2 + self.both_closed
        one = one * 2 + self.fins_crossed
        one = one * 2 + self.first_fin_acked
        one = one * 2 + self.second_fin_acked
        one = one * 2 + self.late_data
        one = one * 2 + self.late_data_acked
        one = one * 2 + self.late_data_knew
        one = one * 3 + self.fin_never_acked
        one = one * 2 + self.fin_sent_often
        one = one * 4 + self.loss
        one = one * 2 + self.last_octets_missing
        one = one * 3 + self.resetter
        one = one * 2 + self.reset_ignored
        one = one * 2 + self.forged_before
        one = one * 2 + self.fin_disowned
        one = one * 2 + self.reset_after_close
        one = one * 2 + self.reset_has_ack
        one = one * 2 + self.reset_window_zero
        one = one * 2 + self.reset_answers_syn
        one = one * 2 + self.reset_answers_syn_ack
        one = one * 2 + self.reset_answers_handshake
        one = one * 2 + self.reset_answers_data
        one = one * 2 + self.reset_answers_fin
        one = one * 2 + self.reset_answers_probe
        one = one * 2 + self.reset_answers_ack
        one = one * 2 + self.answered_unsent
        one = one * 2 + self.answer_is_late
        one = one * 2 + self.reset_seq_is_sent
        one = one * 2 + self.reset_seq_is_acked
        one = one * 2 + self.reset_seq_is_fin
        one = one * 2 + self.reset_seq_zero
        one = one * 2 + self.reset_acks_new_data
        one = one * 2 + self.reset_ack_behind
        one = one * 2 + self.reset_ack_beyond
        one = one * 2 + self.reset_ttl_known
        one = one * 2 + self.reset_ttl_differs
        one = one * 2 + self.reset_ip_id_zero
        one = one * 2 + self.reset_ip_id_continues
        one = one * 2 + self.reset_ip_id_unknown
        one = one * 2 + self.reset_lacks_timestamps
        one = one * 2 + self.reset_timestamped
        one = one * 2 + self.reset_ip_id_skips
        one = one * 2 + self.reset_ttl_same_distance
        one = one * 2 + self.ttl_of_other_port
        one = one * 2 + self.reset_at_once
        one = one * 2 + self.answered_at_once
        one = one * 2 + self.reset_made_here
        return one  # noqa: RET504 - so that each line is like the next

    def second_word(self) -> int:
        """Return the second integer of the key, 0 .. 2**63 - 1."""
        two = 0
        two = two * 2 + self.reset_too_fast
        two = two * 2 + self.reset_window_doubled
        two = two * 2 + self.reset_window_stays
        two = two * 2 + self.reset_may_answer
        two = two * 2 + self.reset_together
        two = two * 2 + self.listener_gone
        two = two * 2 + self.served_after
        two = two * 2 + self.handshake_expired
        two = two * 2 + self.listener_goes_on
        two = two * 2 + self.reset_both_ways
        two = two * 2 + self.reset_burst
        two = two * 2 + self.reset_sender_goes_on
        two = two * 2 + self.sender_unknown
        two = two * 2 + self.hidden
        two = two * 2 + self.other_unknown
        two = two * 2 + self.resetter_closed
        two = two * 2 + self.other_knew_fin
        two = two * 2 + self.fin_just_sent
        two = two * 2 + self.fin_long_ago
        two = two * 2 + self.fin_wait_2_over
        two = two * 2 + self.resetter_got_data
        two = two * 2 + self.resetter_sent_data
        two = two * 2 + self.data_unanswered
        two = two * 2 + self.keepalive_gave_up
        two = two * 2 + self.single_probe
        two = two * 2 + self.probes_steady
        two = two * 2 + self.probes_uneven
        two = two * 2 + self.probes_answered
        two = two * 2 + self.resetter_repeated
        two = two * 2 + self.other_repeated
        two = two * 2 + self.idle_long
        two = two * 2 + self.resetter_zero_window
        two = two * 2 + self.other_zero_window
        two = two * 2 + self.queue_was_read
        two = two * 2 + self.stalled_before
        two = two * 2 + self.icmp
        two = two * 3 + self.icmp_about
        two = two * 3 + self.waiting
        two = two * 2 + self.waiting_syn
        two = two * 2 + self.waiting_syn_ack
        two = two * 2 + self.waiting_data
        two = two * 2 + self.waiting_fin
        two = two * 2 + self.waiting_probe
        two = two * 2 + self.repeated_once
        two = two * 2 + self.repeated_often
        two = two * 2 + self.gave_up
        two = two * 3 + self.repeats_though_acked
        two = two * 2 + self.acked_repeats_often
        two = two * 3 + self.zero_window
        two = two * 2 + self.window_probed
        two = two * 2 + self.served_others
        two = two * 2 + self.stale
        two = two * 2 + self.met_half_open
        two = two * 2 + self.served_just_before
        two = two * 2 + self.error_unseen
        two = two * 4 + self.fin_unseen
        return two  # noqa: RET504

    def third_word(self) -> int:
        """Return the third integer of the key, 0 .. 2**63 - 1."""
        three = 0
        three = three * 2 + self.goes_on_elsewhere
        three = three * 3 + self.prober_overdue
        three = three * 2 + self.reset_answers_with_ack
        three = three * 2 + self.reset_ttl_high
        three = three * 2 + self.reset_ttl_of_windows
        three = three * 2 + self.offence_foreign
        three = three * 2 + self.answers_heard
        three = three * 2 + self.fin_beyond_hole
        three = three * 2 + self.only_acks
        three = three * 3 + self.rest_unseen
        three = three * 2 + self.fin_just_acked
        three = three * 2 + self.resetter_repeated_often
        three = three * 3 + self.octets_unseen
        return three  # noqa: RET504
