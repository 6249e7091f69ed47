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
cdef long long OVERTAKEN_WITHIN
cdef unsigned long long MASK62
cdef long long MASK32
cdef long long HALF32

@cython.locals(apart=cython.longlong)
cdef long long relative(Side side, long long seq, int syn) noexcept
cdef bint near(long long one, long long other) noexcept
cdef bint is_duplicate(
    Side side, unsigned long long fingerprint, long long time
) noexcept

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
    cdef public int frames
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
    cdef see(
        self, Packet packet, Side side, Side peer, long long frame, long long time
    )
    cdef void take_syn(self, Packet packet, Seen seen, Side side, Side peer) noexcept
    @cython.locals(
        length=cython.longlong, fin=cython.int, syn=cython.int,
        end=cython.longlong, gained=cython.longlong, data=Seen, older=Seen
    )
    cdef void take_sequence_space(self, Seen seen, Side side, Side peer) noexcept
    cdef void take_repeat(self, Seen seen, Side side, Side peer, long long end) noexcept
    @cython.locals(apart=cython.longlong)
    cdef void take_probe(self, Seen seen, Side side, Side peer) noexcept
    cdef void take_fin(self, Seen seen, Side side, Side peer, long long fin_seq) noexcept
    cdef void take_acknowledgement(self, Seen seen, Side side, Side peer) noexcept
    cdef void take_window(self, Seen seen, Side side, int syn) noexcept
    cdef begin(self, int stream)
    @cython.locals(reset=Reset, patience=cython.longlong, previous=Connection)
    cdef take_reset(self, Seen seen, Side side, Side peer)
    @cython.locals(earlier=Reset)
    cdef count_what_comes_after_a_reset(self, Side side, Seen seen)
    cdef take_icmp(self, Packet packet, int about, long long frame, long long time)
