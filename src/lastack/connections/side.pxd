cimport cython
from lastack.connections.flag cimport flag
from lastack.connections.gaps cimport Gaps
from lastack.connections.seen cimport Seen
from lastack.connections.series cimport Probing, Repeating, alike

cdef long long LEAST_RTO

# Smallest types that hold the values, and the wide ones first: a capture has a
# million of these, and what a page of memory costs is felt before any instruction.
@cython.final
cdef class Side:
    cdef public long long next
    cdef public long long acked
    cdef public long long ack
    cdef public long long octets
    cdef public long long fin_seq
    cdef public long long fin_acked_time
    cdef public long long fastest
    cdef public long long unanswered_since
    cdef public Seen syn
    cdef public Seen fin
    cdef public Seen last
    cdef public Seen data
    cdef public Seen data_before_ack
    cdef public Seen zero_window
    cdef public Repeating repeating
    cdef public Probing probing
    cdef public Gaps gaps
    cdef public unsigned int base
    cdef public unsigned int stream_base
    cdef public int packets
    cdef public int duplicates
    cdef public int syns
    cdef public int syn_acks
    cdef public int window
    cdef public int windows_closed
    cdef public int ip_id
    cdef public int fins
    cdef public int resets
    cdef public int answers
    cdef public int unanswered
    cdef public int repeats
    cdef public int probes
    cdef public unsigned short window_max
    cdef public short ttl
    cdef public short ttl_first
    cdef public signed char index
    cdef public flag based
    cdef public flag isn_known
    cdef public flag timestamps
    cdef public flag window_reopened
    cdef public flag fin_acked

    cdef void begin(self, int index) noexcept
    @cython.locals(before=cython.int)
    cdef void offer(self, int window) noexcept
    @cython.locals(took=cython.longlong)
    cdef void answer(self, Side peer, long long time) noexcept
    @cython.locals(data=Seen, older=Seen)
    cdef void keep_data(self, Seen seen) noexcept
    @cython.locals(repeating=Repeating, before=Seen)
    cdef void take_repeat(self, Seen seen, bint acked) noexcept
    @cython.locals(apart=cython.longlong, probing=Probing)
    cdef void take_probe(self, Seen seen) noexcept
    cdef void miss(self, long long start, long long end) noexcept
    cdef void lose(self) noexcept
    cdef void fill(self, long long start, long long end) noexcept

cdef void overwrite(Seen older, Seen seen) noexcept
