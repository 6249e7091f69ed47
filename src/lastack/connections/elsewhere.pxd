cimport cython
from lastack.connections cimport ahead
from lastack.connections.connection cimport Connection
from lastack.connections.reset cimport Reset
from lastack.connections.seen cimport Seen
from lastack.connections.side cimport Side

cdef int A_SYN
cdef int MOST
cdef int MOST_ALIKE
cdef int NUMBERS
cdef long long MASK32

@cython.final
cdef class Elsewhere:
    cdef public dict lone
    cdef public set streams

    @cython.locals(
        offender=Seen, first=cython.bint, side=Side, number=cython.longlong
    )
    cdef add(self, Connection connection, Reset reset)
    @cython.locals(alike=list)
    cdef expect(self, long long number, Connection connection)
    @cython.locals(
        wanted=bytearray, connection=Connection, one=Connection, side=Side,
        stream=cython.Py_ssize_t,
        peer=Side, index=cython.int, following=cython.longlong
    )
    cdef find(self, list connections)
    @cython.locals(reset=Reset, end=Reset, offender=Seen, server=Side, more=cython.longlong)
    cdef compare(self, Connection lone, Connection one, Side peer)
