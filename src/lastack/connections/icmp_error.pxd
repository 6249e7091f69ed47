cimport cython

@cython.final
cdef class IcmpError:
    cdef public int kind
    cdef public int code
    cdef public long long frame
    cdef public long long time
    cdef public int about
    cdef public unsigned long long high
    cdef public unsigned long long low
