cimport cython
from lastack.connections.seen cimport Seen

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
    cdef public long long shortest
    cdef public long long longest
    cdef public int total
    cdef public Seen first
    cdef public Seen last
