# C types for packet.py; the same file runs without them as plain Python.
cimport cython


@cython.final
cdef class Packet:
    cdef public long long kind, version
    cdef public unsigned long long source_high, source_low
    cdef public unsigned long long destination_high, destination_low
    cdef public long long source_port, destination_port
    cdef public long long seq, ack, flags, window
    cdef public long long length, payload_at, payload_captured
    cdef public long long ttl, ip_id, dont_fragment, tos
    cdef public long long mss, window_scale, sack_permitted
    cdef public long long has_timestamp, timestamp_value, timestamp_echo
    cdef public long long sack_blocks, sack_left, sack_right
    cdef public long long has_authentication, multipath, fast_open, options_cut
    cdef public long long tunnels
    cdef public long long icmp_type, icmp_code, icmp_version, icmp_mtu
    cdef public unsigned long long icmp_source_high, icmp_source_low

    cpdef int decode(
        self,
        bytearray buffer,
        long long at,
        long long captured,
        long long original,
        long long link,
    ) except -1
