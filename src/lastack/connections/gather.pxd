cimport cython
from lastack.connections cimport sighting
from lastack.connections.connection cimport Connection
from lastack.connections.facts cimport Facts
from lastack.connections.gaps cimport Gaps
from lastack.connections.keepalive cimport gather_keepalive
from lastack.connections.reset cimport Reset
from lastack.connections.seen cimport Seen
from lastack.connections.side cimport Side
from lastack.connections.surroundings cimport Surroundings, missing_of

cdef int NOTHING, A_SYN, A_SYN_ACK, LAST_ACK_OF_HANDSHAKE
cdef int DATA, A_FIN, A_PROBE, AN_ACK
cdef int SYN_FLAG
cdef int ACK_FLAG
cdef int MUCH
cdef long long MILLISECOND
cdef long long SECOND
cdef long long FIN_WAIT_2_TIME
cdef long long HALF_OPEN_TIME
cdef long long LEAST_FIN_TIMEOUT
cdef long long AT_ONCE
cdef int FEW
cdef long long LONG_IDLE
cdef long long SHORT_IDLE

@cython.locals(facts=Facts)
cpdef Facts gather(Connection connection, Surroundings surroundings)

@cython.locals(
    client=Side, server=Side, reset=Reset, previous=Connection,
    since=cython.longlong
)
cpdef gather_into(Facts facts, Connection connection, Surroundings surroundings)

cdef int side_of(Connection connection, int index)

@cython.locals(index=cython.int, side=Side)
cdef gather_gaps(Facts facts, Connection connection, Surroundings surroundings)

@cython.locals(first=Side, second=Side, side=Side, answer=Seen, late=cython.longlong, end=cython.longlong)
cdef gather_closing(Facts facts, Connection connection)

cpdef long long late_from(Side first)

@cython.locals(reset=Reset, segment=Seen, sender=Side, receiver=Side)
cpdef Reset decisive_reset(Connection connection)

cdef bint came_after_close(Reset reset, Side sender, Side receiver) noexcept

@cython.locals(reset=Reset, sender=Side, receiver=Side)
cdef gather_idle_resets(Facts facts, Connection connection)

cdef bint is_acceptable(Reset reset, Side sender)

@cython.locals(
    segment=Seen, sender=Side, client=Side, once=cython.bint, step=cython.int, ttl=cython.int,
    since=cython.longlong, spent=cython.longlong, took=cython.longlong
)
cdef gather_reset(
    Facts facts, Connection connection, Reset reset, Surroundings surroundings
)

cdef int hops(int ttl) noexcept

@cython.locals(segment=Seen, sender=Side, later=Reset, apart=cython.longlong, same=cython.bint)
cdef gather_what_followed(Facts facts, Connection connection, Reset reset)

@cython.locals(took=cython.longlong)
cdef bint is_too_fast(Reset reset)

cdef gather_icmp(Facts facts, Connection connection)

@cython.locals(apart=cython.longlong)
cdef bint is_later(sighting.Sighting one, sighting.Sighting other) noexcept

@cython.locals(
    index=cython.int, side=Side, peer=Side, who=cython.int, last=sighting.Sighting,
    tries=cython.longlong, spent=cython.longlong, rest=cython.longlong
)
cdef gather_silence(Facts facts, Connection connection, Surroundings surroundings)
