cimport cython
from lastack.connections cimport ahead
from lastack.connections.connection cimport Connection
from lastack.connections.facts cimport Facts
from lastack.connections.gather cimport gather_into
from lastack.connections.surroundings cimport Surroundings

cdef int PLACES
cdef unsigned long long MASK64, SPREAD, STIR

@cython.final
cdef class Alike:
    cdef public list facts
    cdef public list counts
    cdef public int[:] numbers
    cdef public dict known

    @cython.locals(
        numbers="int[:]", first_words="long long[:]", second_words="long long[:]",
        third_words="long long[:]", places="int[:]", facts=Facts,
        connection=Connection, stream=cython.longlong, first=cython.longlong,
        second=cython.longlong, third=cython.longlong,
        mixed=cython.ulonglong, place=cython.int, number=cython.int
    )
    cdef add_all(self, list connections, Surroundings surroundings)
    @cython.locals(number=cython.int)
    cdef int number(self, Facts facts) except -1
