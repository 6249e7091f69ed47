cimport cython
from lastack.connections.table cimport ConnectionTable
from lastack.wire.packet cimport Packet
from lastack.wire.records cimport Records

cdef int TCP, ICMP_ERROR, DAMAGED, UNKNOWN_LINK

@cython.final
cdef class Scan:
    cdef public Records records
    cdef public ConnectionTable table
    cdef public Packet packet
    cdef public long long frames
    cdef public long long segments
    cdef public long long damaged
    cdef public long long first_time
    cdef public long long last_time
    cdef public bint timed
    cdef public dict unknown_links

    @cython.locals(
        at=cython.longlong, used=cython.longlong, kind=cython.longlong,
        records=Records, packet=Packet, table=ConnectionTable
    )
    cpdef int run(self, bytearray buffer, long long start, long long end) except -1
