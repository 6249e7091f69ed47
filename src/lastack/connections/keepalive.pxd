cimport cython
from lastack.connections.facts cimport Facts
from lastack.connections.reset cimport Reset
from lastack.connections.series cimport alike

cdef int NOTHING
cdef long long SECOND

@cython.locals(since=cython.longlong, interval=cython.longlong, in_time=cython.bint)
cpdef gather_keepalive(Facts facts, Reset reset)
