cimport cython
from lastack.connections cimport sighting
from lastack.connections.connection cimport Connection
from lastack.connections.decisive cimport came_after_close, decisive_reset
from lastack.connections.facts cimport Facts
from lastack.connections.gaps cimport Gaps
from lastack.connections.order cimport disorder, is_after
from lastack.connections.reset cimport Reset
from lastack.connections.reset_facts cimport gather_reset
from lastack.connections.seen cimport Seen
from lastack.connections.side cimport Side, late_from
from lastack.connections.surroundings cimport Surroundings, missing_of

cdef int SYN_FLAG
cdef int ACK_FLAG
cdef int MUCH
cdef int FEW
cdef long long MILLISECOND
cdef long long OVERDUE
cdef long long SECOND
cdef long long FIN_WAIT_2_TIME
cdef long long LEAST_FIN_TIMEOUT
cdef long long MASK32
cdef long long LOOKUP_TIME
cdef long long HALF_OPEN_TIME
cdef long long A_MOMENT

@cython.locals(facts=Facts)
cpdef Facts gather(Connection connection, Surroundings surroundings)

@cython.locals(
    client=Side, server=Side, closer=Side, reset=Reset, previous=Connection,
    since=cython.longlong, rest=cython.longlong
)
cpdef gather_into(Facts facts, Connection connection, Surroundings surroundings)

cdef int side_of(Connection connection, int index)

@cython.locals(index=cython.int, side=Side, plain=cython.int)
cdef gather_gaps(Facts facts, Connection connection, Surroundings surroundings)

@cython.locals(
    first=Side, second=Side, side=Side, late=cython.longlong, end=cython.longlong,
    unseen=Seen, since=cython.longlong, took=cython.longlong
)
cdef gather_closing(Facts facts, Connection connection)

@cython.locals(reset=Reset, sender=Side, receiver=Side)
cdef gather_idle_resets(Facts facts, Connection connection)

cdef gather_icmp(Facts facts, Connection connection)

@cython.locals(
    index=cython.int, side=Side, peer=Side, who=cython.int, last=sighting.Sighting,
    tries=cython.longlong, spent=cython.longlong, rest=cython.longlong,
    unheard=cython.bint, answered=cython.bint, apart=cython.longlong,
    frames_apart=cython.longlong, unseen=Seen
)
cdef gather_silence(Facts facts, Connection connection, Surroundings surroundings)
