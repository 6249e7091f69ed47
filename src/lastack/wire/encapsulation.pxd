cimport cython
from libc.stdint cimport int64_t
from lastack.wire cimport internet
from lastack.wire.fields cimport Fields

cdef int DAMAGED, OTHER, MOST_TUNNELS

cdef int network(
    Fields packet,
    bytearray buffer,
    int64_t at,
    int64_t end,
    int64_t wire,
    int64_t protocol,
) except -1
@cython.locals(version=int)
cdef int by_version(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t wire
) except -1
@cython.locals(protocol=int64_t)
cdef int ppp(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t wire
) except -1
cdef int mpls(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t wire
) except -1
@cython.locals(kind=int)
cdef int carries(bytearray buffer, int64_t at, int64_t end) except -1
cdef int tunnel(
    Fields packet,
    bytearray buffer,
    int64_t at,
    int64_t end,
    int64_t wire,
    int64_t protocol,
) except -1
@cython.locals(protocol=int, at=int64_t, end=int64_t, wire=int64_t)
cdef int carried(Fields packet, bytearray buffer) except -1
@cython.locals(present=int, protocol=int64_t)
cdef int gre(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t wire
) except -1
@cython.locals(port=int, protocol=int64_t)
cdef int udp(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t wire
) except -1
