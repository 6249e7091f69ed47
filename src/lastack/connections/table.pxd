cimport cython
from lastack.connections cimport memory
from lastack.connections.connection cimport Connection
from lastack.connections.duplicates cimport Duplicates
from lastack.connections.side cimport Side
from lastack.connections.usual cimport take_usual
from lastack.wire.packet cimport Packet

cdef int SYN
cdef int RST
cdef int ACK
cdef int FEWEST_SLOTS
cdef long long PLACES
cdef unsigned long long MASK30
cdef long long MASK32
cdef unsigned long long MASK64
cdef unsigned long long SPREAD
cdef unsigned long long STIR

@cython.final
cdef class ConnectionTable:
    cdef public list connections
    cdef list recent
    cdef public Duplicates duplicates
    cdef public unsigned long long seed
    cdef public long long[::1] slots
    cdef public long long used
    cdef public bint forward
    cdef public long long hashed
    cdef public long long slot

    @cython.locals(connection=Connection, side=Side, peer=Side)
    cdef take(self, Packet packet, long long frame, long long time)
    @cython.locals(connection=Connection, side=Side)
    cdef take_icmp(self, Packet packet, long long frame, long long time)
    cdef void begin(self, Connection connection, long long frame, long long time) noexcept
    cdef bint is_reuse(self, Connection connection, Packet packet, Side side) noexcept
    @cython.locals(
        hashed=cython.longlong, mask=cython.longlong, slot=cython.longlong,
        entry=cython.longlong, one=Connection, recent=Connection, place=cython.longlong,
        port=cython.int, to_port=cython.int,
        low=cython.ulonglong, high=cython.ulonglong,
        to_low=cython.ulonglong, to_high=cython.ulonglong
    )
    cdef Connection find(self, Packet packet)
    @cython.locals(
        port=cython.int, to_port=cython.int, low=cython.ulonglong,
        high=cython.ulonglong, to_low=cython.ulonglong, to_high=cython.ulonglong
    )
    cdef bint is_of(self, Connection one, Packet packet) noexcept
    @cython.locals(connection=Connection)
    cdef Connection start(self, Packet packet)
    @cython.locals(connection=Connection)
    cdef Connection new(self, Packet packet)
    @cython.locals(following=Connection)
    cdef Connection start_again(self, Connection connection, Packet packet)
    @cython.locals(mixed=cython.ulonglong)
    cdef unsigned long long hash_end(
        self, unsigned long long high, unsigned long long low, unsigned long long port
    ) noexcept
    @cython.locals(
        old="long long[::1]", slots="long long[:]", mask=cython.longlong,
        slot=cython.longlong, entry=cython.longlong, position=cython.longlong
    )
    cdef grow(self)
