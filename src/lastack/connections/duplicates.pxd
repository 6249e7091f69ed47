cimport cython
from lastack.wire.packet cimport Packet

cdef long long WITHIN
cdef int PLACES
cdef unsigned long long MASK63, SPREAD, STIR, SHIFT

@cython.final
cdef class Duplicates:
    cdef public long long[::1] frames
    cdef public long long stamp

    @cython.locals(
        ack=cython.ulonglong, ip_id=cython.ulonglong, window=cython.ulonglong,
        numbers=cython.ulonglong, form=cython.ulonglong, origin=cython.ulonglong,
        fingerprint=cython.longlong, place=cython.int, apart=cython.longlong
    )
    cdef bint is_copy(
        self, Packet packet, unsigned long long sender, long long time
    ) except -1
