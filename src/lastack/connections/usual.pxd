cimport cython
from lastack.connections cimport sighting
from lastack.connections.connection cimport Connection
from lastack.connections.side cimport Side
from lastack.wire.packet cimport Packet

cdef int ACK
cdef int FIN_SYN_RST_ACK
cdef long long MASK32
cdef long long HALF32

@cython.locals(ack=cython.longlong)
cpdef bint take_usual(
    Connection connection,
    Packet packet,
    Side side,
    Side peer,
    long long frame,
    long long time,
) except -1
