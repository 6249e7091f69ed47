cimport cython
from lastack.connections.reset cimport Reset
from lastack.connections.seen cimport Seen
from lastack.connections.side cimport Side
from lastack.wire.packet cimport Packet

cdef int FIN
cdef int SYN
cdef int RST
cdef int ACK
cdef long long DUPLICATE_WITHIN
cdef int MOST_RESETS
cdef unsigned long long MASK62

@cython.final
cdef class Connection:
    cdef public int stream
    cdef public int version
    cdef public unsigned long long high0
    cdef public unsigned long long low0
    cdef public int port0
    cdef public unsigned long long high1
    cdef public unsigned long long low1
    cdef public int port1
    cdef public int client
    cdef public bint client_known
    cdef public long long first_frame
    cdef public long long last_frame
    cdef public long long first_time
    cdef public long long last_time
    cdef public long long frames
    cdef public Side side0
    cdef public Side side1
    cdef public bint answered
    cdef public bint established
    cdef public long long syn_time
    cdef public long long syn_ack_time
    cdef public long long established_time
    cdef public int syn_ack_repeated_after_ack
    cdef public long long odd_answer_to_syn
    cdef public int first_fin
    cdef public bint fins_crossed
    cdef public tuple resets
    cdef public int reset_count
    cdef public int icmp_count
    cdef public int icmp_type
    cdef public int icmp_code
    cdef public long long icmp_frame
    cdef public long long icmp_time
    cdef public int icmp_about
    cdef public unsigned long long icmp_high
    cdef public unsigned long long icmp_low
    cdef public Connection previous
    cdef public bint replaced
    cdef public Seen new_syn
    cdef public long long challenge_frame
    cdef public Seen challenge_reset

    @cython.locals(
        flags=cython.int, fingerprint=cython.ulonglong,
        syn=cython.int, seq=cython.longlong, ack=cython.longlong, seen=Seen, took=cython.longlong
    )
    cpdef see(
        self, Packet packet, Side side, Side peer, long long frame, long long time
    )
    cpdef take_syn(self, Packet packet, Seen seen, Side side, Side peer)
    @cython.locals(
        length=cython.longlong, fin=cython.int, syn=cython.int,
        end=cython.longlong, gained=cython.longlong
    )
    cpdef take_sequence_space(self, Seen seen, Side side, Side peer)
    cpdef take_repeat(self, Seen seen, Side side, Side peer, long long end)
    @cython.locals(apart=cython.longlong)
    cpdef take_probe(self, Seen seen, Side side, Side peer)
    cpdef take_fin(self, Seen seen, Side side, Side peer, long long fin_seq)
    cpdef take_acknowledgement(self, Seen seen, Side side, Side peer)
    cpdef take_window(self, Seen seen, Side side, int syn)
    @cython.locals(reset=Reset, patience=cython.longlong, previous=Connection)
    cpdef take_reset(self, Seen seen, Side side, Side peer)
    @cython.locals(earlier=Reset)
    cpdef count_what_comes_after_a_reset(self, Side side, Seen seen)
    cpdef take_icmp(self, Packet packet, int about, long long frame, long long time)
