# The compiled form of octets.py, put in place where it is called. Indices from a
# pointer that was moved first: only so gcc sees that it is one load.
from cpython.bytearray cimport PyByteArray_AS_STRING
from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t

ctypedef const unsigned char *Octets


cdef inline Octets of(bytearray buffer) noexcept:
    return <Octets>PyByteArray_AS_STRING(buffer)


cdef inline uint16_t half(Octets octets, int64_t at) noexcept:
    cdef Octets here = octets + at
    return <uint16_t>((here[0] << 8) | here[1])


cdef inline uint32_t word(Octets octets, int64_t at) noexcept:
    cdef Octets here = octets + at
    return (
        (<uint32_t>here[0] << 24)
        | (<uint32_t>here[1] << 16)
        | (<uint32_t>here[2] << 8)
        | here[3]
    )


cdef inline uint64_t double(Octets octets, int64_t at) noexcept:
    return (<uint64_t>word(octets, at) << 32) | word(octets, at + 4)


cdef inline uint16_t little_half(Octets octets, int64_t at) noexcept:
    cdef Octets here = octets + at
    return <uint16_t>(here[0] | (here[1] << 8))


cdef inline uint32_t little_word(Octets octets, int64_t at) noexcept:
    cdef Octets here = octets + at
    return (
        here[0]
        | (<uint32_t>here[1] << 8)
        | (<uint32_t>here[2] << 16)
        | (<uint32_t>here[3] << 24)
    )
