# C types for packet.py; the same file runs without them as plain Python.
cimport cython
from libc.stdint cimport int64_t
from lastack.wire cimport encapsulation, internet
from lastack.wire cimport octets as read
from lastack.wire.fields cimport Fields

cdef int DAMAGED, MORE, OTHER, UNKNOWN_LINK
cdef int ETHERTYPE, FAMILY, NOTHING, PPP, VERSION


@cython.final
cdef class Packet(Fields):
    cdef int64_t link
    cdef int64_t link_header, link_protocol_at
    cdef int link_naming

    @cython.locals(
        end=int64_t, start=int64_t, wire=int64_t, naming=int, kind=int, protocol=int
    )
    cpdef int decode(
        self,
        bytearray buffer,
        int64_t at,
        int64_t captured,
        int64_t original,
        int64_t link,
    ) except -1
    @cython.locals(kind=int, elsewhere=cython.bint, inside=bytearray)
    cdef int open(self, bytearray buffer) except -1
    cdef void remember(self, int64_t number) except *
    @cython.locals(where=int64_t, family=int64_t)
    cdef int by_family(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
