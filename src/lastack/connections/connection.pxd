cimport cython
from lastack.connections cimport sighting
from lastack.connections.flag cimport flag
from lastack.connections.fins cimport Fins
from lastack.connections.icmp_error cimport IcmpError
from lastack.connections.reset cimport Reset
from lastack.connections.seen cimport Seen
from lastack.connections.series cimport Repeating
from lastack.connections.side cimport Side
from lastack.wire.packet cimport Packet

cdef int FIN
cdef int SYN
cdef int RST
cdef int ACK
cdef int MOST_RESETS
cdef long long IN_FLIGHT
cdef long long MASK32
cdef long long HALF32
cdef int OVERTAKEN

@cython.locals(apart=cython.longlong)
cdef long long relative(Side side, long long seq, int syn) noexcept

@cython.final
cdef class Connection(Fins):
    cdef public unsigned long long low0
    cdef public unsigned long long high0
    cdef public unsigned long long low1
    cdef public unsigned long long high1
    cdef public unsigned short port0
    cdef public unsigned short port1
    cdef public int stream
    cdef public signed char version
    cdef public signed char client
    cdef public flag client_known
    cdef public flag answered
    cdef public flag established
    cdef public flag reset_copied
    cdef public int frames
    cdef public unsigned int last_frame
    cdef public unsigned int first_frame
    cdef public unsigned int odd_answer_to_syn
    cdef public int syn_ack_repeated_after_ack
    cdef public int reset_count
    cdef public int icmp_count
    cdef public long long last_time
    cdef public Side side0
    cdef public Side side1
    cdef public long long first_time
    cdef public long long syn_time
    cdef public long long syn_ack_time
    cdef public long long established_time
    cdef public tuple resets
    cdef public IcmpError icmp
    cdef public Connection previous
    cdef public Seen new_syn
    cdef public Seen challenge
    cdef public Seen challenge_reset

    cdef void count(self, long long frame, long long time) noexcept
    @cython.locals(
        flags=cython.int, syn=cython.int, seq=cython.longlong, ack=cython.longlong,
        seen=sighting.Sighting
    )
    cdef see(
        self, Packet packet, Side side, Side peer, long long frame, long long time
    )
    @cython.locals(seen=sighting.Sighting)
    cdef void take_syn(self, Side side, Side peer) noexcept
    @cython.locals(
        length=cython.longlong, fin=cython.int, syn=cython.int,
        end=cython.longlong, gained=cython.longlong, repeating=Repeating,
        behind=cython.int, seen=sighting.Sighting
    )
    cdef take_sequence_space(self, Side side, Side peer)
    cdef bint is_from_its_beginning(self, long long time) noexcept
    @cython.locals(repeating=Repeating, seen=sighting.Sighting)
    cdef take_acknowledgement(self, Side side, Side peer)
    @cython.locals(seen=sighting.Sighting)
    cdef take_window(self, Side side, int syn)
    cdef begin(self, int stream)
    @cython.locals(reset=Reset, patience=cython.longlong, previous=Connection)
    cdef take_reset(self, Seen seen, Side side, Side peer, long long stamp)
    @cython.locals(earlier=Reset)
    cdef count_what_comes_after_a_reset(
        self, Side side, sighting.Sighting seen, long long stamp
    )
    @cython.locals(error=IcmpError)
    cdef take_icmp(self, Packet packet, int about, long long frame, long long time)
