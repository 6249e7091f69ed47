cimport cython
from lastack.connections.seen cimport Seen

@cython.final
cdef class Side:
    cdef public int index
    cdef public bint based
    cdef public long long base
    cdef public long long stream_base
    cdef public long long next
    cdef public long long acked
    cdef public bint isn_known
    cdef public long long ack
    cdef public long long ack_before
    cdef public int packets
    cdef public long long octets
    cdef public int duplicates
    cdef public int syns
    cdef public int syn_acks
    cdef public int mss
    cdef public int scale
    cdef public bint sack_permitted
    cdef public bint timestamps
    cdef public int window
    cdef public int window_max
    cdef public int window_before
    cdef public int windows_closed
    cdef public bint window_reopened
    cdef public int ttl
    cdef public int ttl_first
    cdef public int ip_id
    cdef public long long fin_seq
    cdef public int fins
    cdef public int resets
    cdef public bint fin_acked
    cdef public long long fin_acked_time
    cdef public long long fastest
    cdef public int answers
    cdef public int unanswered
    cdef public long long unanswered_since
    cdef public int repeats
    cdef public long long repeats_seq
    cdef public int repeats_acked
    cdef public int repeats_total
    cdef public int probes
    cdef public long long probe_time
    cdef public long long probe_shortest
    cdef public long long probe_longest
    cdef public int probes_total
    cdef public Seen syn
    cdef public Seen fin
    cdef public Seen last
    cdef public Seen data
    cdef public Seen data_before_ack
    cdef public Seen first_repeat
    cdef public Seen last_repeat
    cdef public Seen first_probe
    cdef public Seen last_probe
    cdef public Seen zero_window
    cdef public unsigned long long print0
    cdef public unsigned long long print1
    cdef public unsigned long long print2
    cdef public unsigned long long print3
    cdef public long long time0
    cdef public long long time1
    cdef public long long time2
    cdef public long long time3

    cdef void begin(self, int index) noexcept
