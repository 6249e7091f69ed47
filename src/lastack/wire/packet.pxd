# C types for packet.py; the same file runs without them as plain Python.
cimport cython
from libc.stdint cimport int64_t, uint64_t
from lastack.wire cimport octets as read

cdef int DAMAGED, FRAGMENT, ICMP_ERROR, OTHER, TCP, UNKNOWN_LINK


@cython.final
cdef class Packet:
    cdef public int64_t kind, version
    cdef public uint64_t source_high, source_low
    cdef public uint64_t destination_high, destination_low
    cdef public int64_t source_port, destination_port
    cdef public int64_t seq, ack, flags, window
    cdef public int64_t length, payload_at, payload_captured
    cdef public int64_t ttl, ip_id, dont_fragment, tos
    cdef public int64_t mss, window_scale, sack_permitted
    cdef public int64_t has_timestamp, timestamp_value, timestamp_echo
    cdef public int64_t sack_blocks, sack_left, sack_right
    cdef public int64_t has_authentication, multipath, fast_open, options_cut
    cdef public int64_t tunnels
    cdef public int64_t icmp_type, icmp_code, icmp_version, icmp_mtu
    cdef public uint64_t icmp_source_high, icmp_source_low
    cdef int64_t optioned
    cdef int64_t quoting, piece_of, piece_offset, piece_more
    cdef int64_t link, link_header, link_protocol_at, link_naming
    cdef object fragments

    @cython.locals(
        end=int64_t, start=int64_t, where=int64_t, naming=int64_t,
        protocol=int64_t,
    )
    cpdef int decode(
        self,
        bytearray buffer,
        int64_t at,
        int64_t captured,
        int64_t original,
        int64_t link,
    ) except -1
    cdef void remember(self, int64_t number) except *
    cdef int network(
        self,
        bytearray buffer,
        int64_t at,
        int64_t end,
        int64_t wire,
        int64_t protocol,
    ) except -1
    @cython.locals(version=int64_t)
    cdef int by_version(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    @cython.locals(where=int64_t, family=int64_t)
    cdef int by_family(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    @cython.locals(protocol=int64_t)
    cdef int ppp(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    cdef int mpls(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    @cython.locals(kind=int64_t)
    cdef int carries(self, bytearray buffer, int64_t at, int64_t end) except -1
    @cython.locals(
        header=int64_t,
        total=int64_t,
        pieces=int64_t,
        protocol=int64_t,
        octets=read.Octets,
    )
    cdef int ipv4(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    @cython.locals(
        total=int64_t,
        protocol=int64_t,
        size=int64_t,
        pieces=int64_t,
        octets=read.Octets,
    )
    cdef int ipv6(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    cdef void final_destination(
        self, bytearray buffer, int64_t at, int64_t size
    ) except *
    cdef int piece(
        self,
        bytearray buffer,
        int64_t at,
        int64_t end,
        int64_t wire,
        int64_t protocol,
    ) except -1
    cdef int transport(
        self,
        bytearray buffer,
        int64_t at,
        int64_t end,
        int64_t wire,
        int64_t protocol,
    ) except -1
    cdef int tunnel(
        self,
        bytearray buffer,
        int64_t at,
        int64_t end,
        int64_t wire,
        int64_t protocol,
    ) except -1
    @cython.locals(present=int64_t, protocol=int64_t)
    cdef int gre(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    @cython.locals(port=int64_t, protocol=int64_t)
    cdef int udp(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    @cython.locals(kind=int64_t, six=cython.bint, size=int64_t)
    cdef int icmp(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    @cython.locals(
        header=int64_t, length=int64_t, octets=read.Octets
    )
    cdef int tcp(
        self, bytearray buffer, int64_t at, int64_t end, int64_t wire
    ) except -1
    cdef void forget_options(self) noexcept
    @cython.locals(kind=int64_t, size=int64_t)
    cdef void options(
        self, bytearray buffer, int64_t at, int64_t end, int64_t stop
    ) except *


@cython.locals(value=int64_t)
cdef int64_t word(bytearray buffer, int64_t at) except? -1

@cython.locals(value=uint64_t)
cdef uint64_t double(bytearray buffer, int64_t at) except? 0
