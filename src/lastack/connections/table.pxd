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
    cdef public bint forward

    @cython.locals(connection=Connection, side=Side, peer=Side)
    cdef take(self, Packet packet, long long frame, long long time)
    @cython.locals(connection=Connection, slot=cython.longlong, side=Side)
    cdef take_icmp(self, Packet packet, long long frame, long long time)
    cdef void begin(self, Connection connection, long long frame, long long time) noexcept
    cdef bint is_reuse(self, Connection connection, Packet packet, Side side) noexcept
    @cython.locals(
        slot=cython.longlong, index=cython.longlong, found=Connection,
        connection=Connection
    )
    cdef Connection find(self, Packet packet)
    @cython.locals(connection=Connection)
    cdef Connection new(self, Packet packet)
    @cython.locals(slot=cython.longlong, following=Connection)
    cdef Connection start_again(self, Connection connection, Packet packet)
    @cython.locals(
        one=cython.ulonglong, two=cython.ulonglong, mixed=cython.ulonglong
    )
    cdef unsigned long long hash(
        self,
        unsigned long long high0, unsigned long long low0, unsigned long long port0,
        unsigned long long high1, unsigned long long low1, unsigned long long port1,
    ) noexcept
    @cython.locals(
        mask=cython.longlong, slot=cython.longlong, one=Connection,
        low=cython.ulonglong, high=cython.ulonglong, port=cython.int,
        to_low=cython.ulonglong, to_high=cython.ulonglong, to_port=cython.int
    )
    cdef long long slot_of(self, Packet packet) noexcept
    @cython.locals(
        old="int[:]", mask=cython.longlong, slot=cython.longlong,
        index=cython.longlong, position=cython.longlong, one=Connection
    )
    cdef grow(self)
