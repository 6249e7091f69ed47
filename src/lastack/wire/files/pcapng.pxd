# The types of pcapng.py for Cython.
cimport cython

from lastack.wire.records cimport Records

cdef long long _LONGEST

@cython.locals(value="long long")
cdef long long _word(bytearray buffer, long long at, bint little) except -1

@cython.locals(first="long long", second="long long")
cdef long long _half(bytearray buffer, long long at, bint little) except -1

cdef class Interface:
    cdef public long long link
    cdef public long long longest
    cdef public long long multiplier
    cdef public long long shift
    cdef public long long highest
    cdef public object units
    cdef public object offset

cdef class Reader(Records):
    cdef bint _little
    cdef bint _begun
    cdef list _interfaces

    @cython.locals(
        present="long long",
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
        first="long long",
        second="long long",
        third="long long",
        fourth="long long",
        interface=Interface,
    )
    cpdef long long next(self, bytearray buffer, long long at, long long end) except -1

    @cython.locals(captured="long long", interface=Interface)
    cdef long long _simple_packet(
        self, bytearray buffer, long long at, long long length
    ) except -1

    @cython.locals(little="bint", length="long long", again="long long")
    cdef long long _section(
        self, bytearray buffer, long long at, long long present
    ) except -1
