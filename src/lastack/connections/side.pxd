cimport cython
from lastack.connections cimport sighting
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
    cdef readonly sighting.Sighting latest
    cdef readonly sighting.Sighting latest_data
    cdef readonly sighting.Sighting first_fin
    cdef readonly sighting.Sighting earlier_data
    cdef readonly sighting.Sighting first_syn

    cdef void begin(self, int index) noexcept
    @cython.locals(before=cython.int)
    cdef void offer(self, int window) noexcept
    @cython.locals(took=cython.longlong)
    cdef void answer(self, Side peer, long long time) noexcept
    cdef void keep_data(self) noexcept
    @cython.locals(repeating=Repeating, seen=Seen, before=Seen)
    cdef take_repeat(self, bint acked)
    @cython.locals(apart=cython.longlong, probing=Probing, seen=Seen)
    cdef take_probe(self)
    cdef void miss(self, long long start, long long end) noexcept
    cdef void lose(self) noexcept
    cdef void fill(self, long long start, long long end) noexcept

cpdef long long late_from(Side first)
