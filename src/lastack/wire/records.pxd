# The types of records.py for Cython.

cdef class Records:
    cdef public long long frame_at
    cdef public long long captured
    cdef public long long original
    cdef public long long time
    cdef public bint timed
    cdef public long long link
    cdef public long long interface
    cdef public long long needs
    cdef public object lost

    cpdef long long next(self, bytearray buffer, long long at, long long end) except -1
