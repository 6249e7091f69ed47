cimport cython

@cython.final
@cython.freelist(256)
cdef class Seen:
    cdef public long long frame
    cdef public long long time
    cdef public int side
    cdef public int flags
    cdef public long long seq
    cdef public long long ack
    cdef public long long window
    cdef public long long length
    cdef public int ttl
    cdef public int ip_id
    cdef public long long timestamp
    cdef public long long echo

    cpdef Seen copy(self)
