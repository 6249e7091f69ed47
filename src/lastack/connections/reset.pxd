cimport cython
from lastack.connections cimport sighting
from lastack.connections.flag cimport flag
from lastack.connections.order cimport disorder, is_after
from lastack.connections.seen cimport Seen
from lastack.connections.side cimport Side

cdef int SYN_FLAG
cdef int FIN_FLAG
cdef int RST_FLAG
cdef int ACK_FLAG
cdef long long MASK32
cdef long long HALF32
cdef long long AN_ANSWER
cdef long long LONGEST_WAIT
cdef long long OVERTAKEN_WITHIN
cdef long long MILLISECOND
cdef int BEHIND
cdef long long CHALLENGED_WITHIN
cdef long long CROSSED_WITHIN

@cython.final
cdef class Reset:
    cdef public Seen segment
    cdef public Seen offender
    cdef public int answers
    cdef public long long ahead_of_sent
    cdef public long long ahead_of_acked
    cdef public long long ack_ahead
    cdef public long long ack_beyond
    cdef public flag sender_known
    cdef public flag receiver_known
    cdef public int window_before
    cdef public int window_max
    cdef public int reference_ttl
    cdef public int reference_ttl_first
    cdef public int reference_ip_id
    cdef public int newest_ip_id
    cdef public unsigned int stamp
    cdef public flag timestamps
    cdef public flag sender_fin
    cdef public flag sender_fin_unseen
    cdef public flag sender_fin_acked
    cdef public long long sender_fin_time
    cdef public flag receiver_fin
    cdef public long long sender_octets
    cdef public long long receiver_octets
    cdef public flag data_after_answer
    cdef public long long since_data
    cdef public long long since_answer
    cdef public long long idle
    cdef public long long earliest_offence
    cdef public long long sender_fastest
    cdef public int sender_answers
    cdef public flag handshake
    cdef public int sender_probes
    cdef public int sender_probes_steady
    cdef public int sender_probes_unanswered
    cdef public long long probe_interval
    cdef public long long since_probe
    cdef public int sender_repeats
    cdef public int receiver_repeats
    cdef public flag sender_zero_window
    cdef public flag receiver_zero_window
    cdef public flag queue_was_read
    cdef public flag stalled_before
    cdef public int probe_overdue
    cdef public flag first_step
    cdef public flag offence_unsent
    cdef public flag seq_zero
    cdef public flag may_answer
    cdef public flag hidden
    cdef public flag late
    cdef public flag answers_with_ack
    cdef public flag once
    cdef public flag behind_both_fins
    cdef public long long disorder
    cdef public int sender_after
    cdef public int receiver_after
    cdef public int receiver_data_after
    cdef public flag challenged

    @cython.locals(
        segment=Seen, first=Seen, again=Seen, since=cython.longlong, counted=cython.int
    )
    cpdef observe(self, Side sender, Side receiver, bint complete, long long patience)
    @cython.locals(segment=Seen, last=sighting.Sighting, before=sighting.Sighting, data=sighting.Sighting, offender=sighting.Sighting, opening=cython.bint, waits=cython.bint, opens=cython.bint, usual=cython.longlong, since=cython.longlong, took=cython.longlong, came=cython.longlong, spoken=cython.longlong)
    cpdef find_offender(self, Side sender, Side receiver, long long patience)
    cdef void count_ip_id(self, int ip_id) noexcept
    @cython.locals(segment=Seen, since=cython.longlong)
    cdef void hear(
        self, Side side, sighting.Sighting seen, long long stamp
    ) noexcept
    @cython.locals(segment=Seen)
    cdef bint answers_later(self, sighting.Sighting seen, long long since) noexcept
    @cython.locals(segment=Seen, end=cython.longlong)
    cdef bint left_before(
        self, Side side, sighting.Sighting seen, long long stamp, long long since
    ) noexcept
