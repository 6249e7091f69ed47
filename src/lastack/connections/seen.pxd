cimport cython

@cython.final
cdef class Seen:
    cdef public long long time
    cdef public long long seq
    cdef public long long ack
    cdef public unsigned int frame
    cdef public int window
    cdef public int length
    cdef public int ip_id
    cdef public short flags
    cdef public unsigned char ttl
    cdef public signed char side
    cdef public bint timestamped

    cdef void take(self, Seen other) noexcept
    @cython.locals(other=Seen)
    cpdef Seen copy(self)
