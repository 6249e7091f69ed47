cimport cython
from lastack.connections.seen cimport Seen
from lastack.connections.side cimport Side

cdef int SYN_FLAG
cdef int FIN_FLAG
cdef int ACK_FLAG
cdef long long MASK32
cdef long long LONGEST_WAIT

@cython.final
cdef class Reset:
    cdef public Seen segment
    cdef public Seen offender
    cdef public int answers
    cdef public long long ahead_of_sent
    cdef public long long ahead_of_acked
    cdef public long long ack_ahead
    cdef public long long ack_beyond
    cdef public bint sender_known
    cdef public bint receiver_known
    cdef public long long window_before
    cdef public long long window_max
    cdef public int reference_ttl
    cdef public int reference_ttl_first
    cdef public int reference_ip_id
    cdef public bint timestamps
    cdef public bint sender_fin
    cdef public bint sender_fin_acked
    cdef public long long sender_fin_time
    cdef public bint receiver_fin
    cdef public bint receiver_fin_acked
    cdef public long long sender_octets
    cdef public long long receiver_octets
    cdef public bint data_after_answer
    cdef public long long idle
    cdef public long long earliest_offence
    cdef public long long sender_fastest
    cdef public int sender_answers
    cdef public bint handshake
    cdef public int sender_probes
    cdef public bint sender_probes_steady
    cdef public bint sender_probes_answered
    cdef public long long probe_interval
    cdef public long long since_probe
    cdef public int sender_repeats
    cdef public int receiver_repeats
    cdef public bint sender_zero_window
    cdef public bint receiver_zero_window
    cdef public bint queue_was_read
    cdef public bint stalled_before
    cdef public bint first_step
    cdef public bint offence_unsent
    cdef public bint seq_zero
    cdef public long long sender_after
    cdef public long long receiver_after
    cdef public long long receiver_data_after
    cdef public long long sender_data_after
    cdef public long long resets_after
    cdef public bint challenged

    @cython.locals(segment=Seen)
    cpdef observe(self, Side sender, Side receiver, bint complete, long long patience)
    @cython.locals(segment=Seen, last=Seen, before=Seen, data=Seen, offender=Seen, opening=cython.bint, waits=cython.bint)
    cpdef find_offender(self, Side sender, Side receiver, long long patience)
