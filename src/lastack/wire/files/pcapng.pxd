# The types of pcapng.py for Cython.
cimport cython

from lastack.wire cimport octets as read
from lastack.wire.records cimport Records

cdef long long _LONGEST, _SECTION_HEADER

cdef class Interface:
    cdef public long long link
    cdef public long long longest
    cdef public long long multiplier
    cdef public long long shift
    cdef public long long highest
    cdef public object units
    cdef public object offset
    cdef public object lost

cdef class Reader(Records):
    cdef bint _little
    cdef bint _begun
    cdef list _interfaces
    cdef long long _latest
    cdef long long _link
    cdef long long _multiplier
    cdef long long _shift
    cdef long long _highest

    @cython.locals(
        present="long long",
        octets=read.Octets,
        kind="long long",
        length="long long",
        tail="long long",
        again="long long",
        index="long long",
        high="long long",
        low="long long",
        captured="long long",
        original="long long",
        stamp="long long",
    )
    cpdef long long next(self, bytearray buffer, long long at, long long end) except -1

    @cython.locals(octets=read.Octets)
    cdef long long _word(self, bytearray buffer, long long at) noexcept

    @cython.locals(octets=read.Octets)
    cdef long long _half(self, bytearray buffer, long long at) noexcept

    @cython.locals(interface=Interface)
    cdef int _remember(self, long long index) except -1

    cdef long long _other(
        self, bytearray buffer, long long at, long long length, long long kind
    ) except -1

    @cython.locals(captured="long long", interface=Interface)
    cdef long long _simple_packet(
        self, bytearray buffer, long long at, long long length
    ) except -1

    @cython.locals(
        little="bint", octets=read.Octets, length="long long", again="long long"
    )
    cdef long long _section(
        self, bytearray buffer, long long at, long long present
    ) except -1
