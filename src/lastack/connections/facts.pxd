cimport cython

@cython.final
cdef class Facts:
    cdef public bint client_known
    cdef public bint syn
    cdef public bint syn_ack
    cdef public bint established
    cdef public bint client_seen
    cdef public bint server_seen
    cdef public bint client_data
    cdef public bint server_data
    cdef public bint syn_repeated
    cdef public bint syn_ack_repeated
    cdef public bint syn_ack_repeated_after_ack
    cdef public bint odd_answer_to_syn
    cdef public bint server_silent
    cdef public int first_closer
    cdef public bint both_closed
    cdef public bint fins_crossed
    cdef public bint first_fin_acked
    cdef public bint second_fin_acked
    cdef public bint late_data
    cdef public bint late_data_acked
    cdef public bint late_data_knew
    cdef public int fin_never_acked
    cdef public bint fin_sent_often
    cdef public int resetter
    cdef public bint reset_ignored
    cdef public bint reset_after_close
    cdef public bint reset_has_ack
    cdef public bint reset_window_zero
    cdef public bint reset_answers_syn
    cdef public bint reset_answers_syn_ack
    cdef public bint reset_answers_handshake
    cdef public bint reset_answers_data
    cdef public bint reset_answers_fin
    cdef public bint reset_answers_probe
    cdef public bint reset_answers_ack
    cdef public bint answered_unsent
    cdef public bint reset_seq_is_sent
    cdef public bint reset_seq_is_acked
    cdef public bint reset_seq_is_fin
    cdef public bint reset_seq_zero
    cdef public bint reset_acks_new_data
    cdef public bint reset_ack_behind
    cdef public bint reset_ack_beyond
    cdef public bint reset_ttl_known
    cdef public bint reset_ttl_differs
    cdef public bint reset_ip_id_zero
    cdef public bint reset_ip_id_continues
    cdef public bint reset_ip_id_unknown
    cdef public bint reset_lacks_timestamps
    cdef public bint reset_too_fast
    cdef public bint reset_window_doubled
    cdef public bint reset_window_stays
    cdef public bint reset_together
    cdef public bint reset_both_ways
    cdef public bint reset_burst
    cdef public bint reset_sender_goes_on
    cdef public bint reset_answered_by_reset
    cdef public bint sender_unknown
    cdef public bint other_unknown
    cdef public bint resetter_closed
    cdef public bint other_knew_fin
    cdef public bint fin_just_sent
    cdef public bint fin_long_ago
    cdef public bint fin_wait_2_over
    cdef public bint other_closed
    cdef public bint resetter_got_data
    cdef public bint resetter_sent_data
    cdef public bint data_unanswered
    cdef public bint keepalive_gave_up
    cdef public bint single_probe
    cdef public bint probes_answered
    cdef public bint resetter_repeated
    cdef public bint other_repeated
    cdef public bint idle_long
    cdef public bint idle_short
    cdef public bint resetter_zero_window
    cdef public bint other_zero_window
    cdef public bint queue_was_read
    cdef public bint stalled_before
    cdef public bint icmp
    cdef public int icmp_about
    cdef public int waiting
    cdef public bint waiting_syn
    cdef public bint waiting_syn_ack
    cdef public bint waiting_data
    cdef public bint waiting_fin
    cdef public bint waiting_probe
    cdef public bint repeated_once
    cdef public bint repeated_often
    cdef public bint gave_up
    cdef public int repeats_though_acked
    cdef public bint acked_repeats_often
    cdef public int zero_window
    cdef public bint window_probed
    cdef public bint served_others
    cdef public bint replaced
    cdef public bint stale

    cpdef void forget(self) noexcept
    cpdef tuple key(self)
    @cython.locals(one=cython.longlong)
    cpdef long long first_half(self) noexcept
    @cython.locals(two=cython.longlong)
    cpdef long long second_half(self) noexcept
