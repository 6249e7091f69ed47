cimport cython
from lastack.wire.packet cimport Packet

cdef long long WITHIN
cdef int PLACES
cdef long long MASK62

@cython.final
cdef class Duplicates:
    cdef public long long[:] prints
    cdef public long long[:] times

    @cython.locals(fingerprint=cython.longlong, place=cython.int)
    cdef bint is_copy(self, Packet packet, long long sender, long long time) except -1
