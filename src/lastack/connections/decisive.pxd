cimport cython
from lastack.connections.connection cimport Connection
from lastack.connections.order cimport disorder, is_after
from lastack.connections.reset cimport Reset
from lastack.connections.seen cimport Seen
from lastack.connections.side cimport Side

cdef int A_SYN
cdef int DATA
cdef int NOTHING
cdef long long CROSSING
cdef int ACK_FLAG

@cython.locals(reset=Reset, segment=Seen, sender=Side, receiver=Side)
cpdef Reset decisive_reset(Connection connection)

@cython.locals(closed=cython.longlong, apart=cython.longlong)
cpdef bint came_after_close(Reset reset, Side sender, Side receiver) noexcept

@cython.locals(reset=Reset, segment=Seen, since=cython.longlong)
cdef Reset crossing_abort(Connection connection, Reset refusal, Side receiver)

@cython.locals(segment=Seen, reset=Reset, behind=cython.longlong)
cpdef bint is_confirmed(Connection connection, Reset first)

cdef bint is_acceptable(Reset reset, Side sender)
