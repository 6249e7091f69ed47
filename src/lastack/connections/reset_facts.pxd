cimport cython
from lastack.connections.connection cimport Connection
from lastack.connections.decisive cimport is_confirmed
from lastack.connections.facts cimport Facts
from lastack.connections.keepalive cimport gather_keepalive
from lastack.connections.reset cimport Reset
from lastack.connections.seen cimport Seen
from lastack.connections.side cimport Side, late_from
from lastack.connections.surroundings cimport Surroundings

cdef int NOTHING
cdef int A_SYN
cdef int A_SYN_ACK
cdef int LAST_ACK_OF_HANDSHAKE
cdef int DATA
cdef int A_FIN
cdef int A_PROBE
cdef int AN_ACK
cdef int ACK_FLAG
cdef int FEW
cdef int FEWEST_REPEATS
cdef int A_SMALL_PART
cdef int OVERDUE
cdef long long MILLISECOND
cdef long long SECOND
cdef long long FIN_WAIT_2_TIME
cdef long long LEAST_FIN_TIMEOUT
cdef long long AT_ONCE
cdef long long LONG_IDLE

@cython.locals(
    segment=Seen, sender=Side, client=Side, once=cython.bint, step=cython.int, ttl=cython.int,
    forth=cython.longlong, back=cython.longlong,
    since=cython.longlong, spent=cython.longlong, took=cython.longlong
)
cpdef gather_reset(
    Facts facts, Connection connection, Reset reset, Surroundings surroundings
)

cdef int hops(int ttl) noexcept

@cython.locals(segment=Seen, sender=Side, later=Reset, apart=cython.longlong, same=cython.bint)
cdef gather_what_followed(Facts facts, Connection connection, Reset reset)

@cython.locals(took=cython.longlong)
cdef bint is_too_fast(Reset reset)
