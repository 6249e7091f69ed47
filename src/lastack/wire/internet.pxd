cimport cython
from libc.stdint cimport int64_t, uint32_t
from lastack.wire cimport octets as read
from lastack.wire cimport tcp_options
from lastack.wire.fields cimport Fields

cdef int DAMAGED, FRAGMENT, ICMP_ERROR, MORE, OTHER, TCP
cdef uint32_t NOP_NOP_TS

@cython.locals(
    header=int64_t, total=int64_t, pieces=int, protocol=int, octets=read.Octets
)
cdef int ipv4(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t wire
) except -1
@cython.locals(
    total=int64_t, protocol=int, size=int64_t, pieces=int, octets=read.Octets
)
cdef int ipv6(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t wire
) except -1
@cython.locals(octets=read.Octets, kind=int)
cdef void final_destination(
    Fields packet, bytearray buffer, int64_t at, int64_t size
) noexcept
@cython.locals(kind=int)
cdef int piece(
    Fields packet,
    bytearray buffer,
    int64_t at,
    int64_t end,
    int64_t wire,
    int64_t protocol,
) except -1
cdef int transport(
    Fields packet,
    bytearray buffer,
    int64_t at,
    int64_t end,
    int64_t wire,
    int64_t protocol,
) except -1
@cython.locals(kind=int, six=cython.bint, cut=cython.bint, size=int64_t)
cdef int icmp(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t wire
) except -1
@cython.locals(
    captured=int64_t, offset=int, header=int64_t, length=int64_t, octets=read.Octets
)
cdef int tcp(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t wire
) except -1
