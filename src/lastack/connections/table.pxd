cimport cython
from cpython cimport array
from lastack.connections.connection cimport Connection
from lastack.connections.side cimport Side
from lastack.wire.packet cimport Packet

cdef int SYN
cdef int ACK
cdef int FEWEST_SLOTS

cdef unsigned long long MASK62

@cython.final
cdef class ConnectionTable:
    cdef public list connections
    cdef public unsigned long long seed
    cdef public int[:] slots
    cdef public long long used
    cdef public Connection latest

    @cython.locals(connection=Connection, side=Side, peer=Side)
    cpdef take(self, Packet packet, long long frame, long long time)
    @cython.locals(connection=Connection, slot=cython.longlong, side=Side)
    cpdef take_icmp(self, Packet packet, long long frame, long long time)
    cpdef begin(self, Connection connection, long long frame, long long time)
    cpdef bint is_reuse(self, Connection connection, Packet packet, Side side)
    @cython.locals(
        slot=cython.longlong, index=cython.longlong, found=Connection,
        connection=Connection
    )
    cpdef Connection find(self, Packet packet)
    @cython.locals(connection=Connection)
    cpdef Connection new(self, Packet packet)
    @cython.locals(slot=cython.longlong, following=Connection)
    cpdef Connection start_again(self, Connection connection, Packet packet)
    cpdef bint same(self, Connection connection, Packet packet)
    cpdef bint forward(self, Connection connection, Packet packet)
    @cython.locals(
        one=cython.ulonglong, two=cython.ulonglong, mixed=cython.ulonglong
    )
    cpdef unsigned long long hash(
        self,
        unsigned long long high0, unsigned long long low0, unsigned long long port0,
        unsigned long long high1, unsigned long long low1, unsigned long long port1,
    )
    @cython.locals(
        mask=cython.longlong, slot=cython.longlong, connection=Connection
    )
    cpdef long long slot_of(self, Packet packet)
    @cython.locals(
        old="int[:]", mask=cython.longlong, slot=cython.longlong,
        index=cython.longlong, position=cython.longlong, one=Connection
    )
    cpdef grow(self)
