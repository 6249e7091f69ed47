# The types of pcap.py for Cython.
cimport cython

from lastack.wire cimport octets as read
from lastack.wire.records cimport Records

cdef long long _LONGEST

cdef class Reader(Records):
    cdef bint _big_endian
    cdef long long _header
    cdef long long _fraction

    @cython.locals(
        header="long long",
        present="long long",
        captured="long long",
        original="long long",
        seconds="long long",
        fraction="long long",
        octets=read.Octets,
    )
    cpdef long long next(self, bytearray buffer, long long at, long long end) except -1
