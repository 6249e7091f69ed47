cimport cython
from lastack.connections.seen cimport Seen

cdef int MOST_HOLES
cdef long long SEGMENT
cdef long long LARGEST_HOLE
cdef double LEAST_RATE, LITTLE_RATE, SOME_RATE

@cython.final
cdef class Gaps:
    cdef public list starts
    cdef public list ends
    cdef public int given_up
    cdef public Seen fin
    cdef public Seen one_more

    cpdef open(self, long long start, long long end)
    @cython.locals(
        starts=list, ends=list, at=cython.Py_ssize_t, low=cython.longlong,
        high=cython.longlong
    )
    cpdef fill(self, long long start, long long end)
    @cython.locals(found=cython.int, at=cython.Py_ssize_t)
    cpdef int missing(self, long long acked) except -1
    cpdef bint lacks(self, long long end) except -1

cpdef int frames(long long start, long long end) noexcept

@cython.locals(rate=cython.double)
cpdef int loss(long long seen, long long missing) noexcept
