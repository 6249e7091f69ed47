cimport cython
from libc.stdint cimport int64_t
from lastack.wire cimport octets as read
from lastack.wire.fields cimport Fields

cdef void forget(Fields packet) noexcept
@cython.locals(kind=int64_t, size=int64_t, octets=read.Octets)
cdef void take(
    Fields packet, bytearray buffer, int64_t at, int64_t end, int64_t stop
) noexcept
