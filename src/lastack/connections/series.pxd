cimport cython
from lastack.connections.seen cimport Seen

cdef long long BUSY

@cython.locals(apart=cython.longlong)
cpdef bint alike(long long one, long long other) noexcept

@cython.final
cdef class Repeating:
    cdef public long long seq
    cdef public int acked
    cdef public int total
    cdef public Seen first
    cdef public Seen last

@cython.final
cdef class Probing:
    cdef public long long time
    cdef public long long interval
    cdef public int steady
    cdef public int total
    cdef public Seen first
    cdef public Seen last
