cimport cython
from lastack.connections.flag cimport flag

@cython.final
cdef class Seen:
    cdef public long long time
    cdef public long long seq
    cdef public long long ack
    cdef public unsigned int frame
    cdef public int length
    cdef public int ip_id
    cdef public unsigned short window
    cdef public short flags
    cdef public unsigned char ttl
    cdef public signed char side
    cdef public flag timestamped
