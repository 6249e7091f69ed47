# The types of pcap.py for Cython.
cimport cython

from lastack.wire.records cimport Records

cdef long long _LONGEST

@cython.locals(value="long long")
cdef long long _word(bytearray buffer, long long at, bint little) except -1

cdef class Reader(Records):
    cdef bint _little
    cdef long long _header
    cdef long long _fraction

    @cython.locals(
        header="long long",
        present="long long",
        captured="long long",
        original="long long",
        seconds="long long",
        fraction="long long",
        first="long long",
        second="long long",
        third="long long",
        fourth="long long",
    )
    cpdef long long next(self, bytearray buffer, long long at, long long end) except -1
