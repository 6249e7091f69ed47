# C types for fields.py: the smallest that hold what the headers can say.
cimport cython
from libc.stdint cimport int64_t, uint32_t, uint64_t

cdef int OTHER

cdef class Fields:
    cdef public uint64_t source_high, source_low
    cdef public uint64_t destination_high, destination_low
    cdef public int64_t seq, ack
    cdef public int64_t length, payload_at, payload_captured
    cdef public int kind, version
    cdef public int source_port, destination_port
    cdef public int flags, window
    cdef public int ttl, ip_id, dont_fragment, tos
    cdef public int has_timestamp
    cdef public uint32_t timestamp_value, timestamp_echo
    cdef public int tunnels
    cdef int optioned
    cdef int quoting
    cdef public int mss, window_scale, sack_permitted
    cdef public int sack_blocks
    cdef public uint32_t sack_left, sack_right
    cdef public int options_cut
    cdef public int icmp_type, icmp_code, icmp_version
    cdef public uint32_t icmp_mtu
    cdef public uint64_t icmp_source_high, icmp_source_low
    cdef public object fragments
    cdef uint32_t piece_of
    cdef int piece_offset, piece_more
    cdef int carried
    cdef int64_t carried_at, carried_end, carried_wire
    cdef bytearray carried_in
