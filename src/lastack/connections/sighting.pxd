# The compiled form of sighting.py, put in place where it is called.
from lastack.connections.flag cimport flag
from lastack.connections.seen cimport Seen
from lastack.wire.packet cimport Packet

cdef struct Sighting:
    long long time
    long long seq
    long long ack
    unsigned int frame
    int length
    int ip_id
    unsigned short window
    short flags
    unsigned char ttl
    flag timestamped


cdef inline Sighting nothing() noexcept:
    cdef Sighting one
    one.time = one.seq = one.ack = 0
    one.frame = 0
    one.length = one.ip_id = 0
    one.window = 0
    one.flags = 0
    one.ttl = 0
    one.timestamped = False
    return one


cdef inline Sighting of(
    Packet packet, long long seq, long long ack, long long frame, long long time
) noexcept:
    cdef Sighting one
    one.frame = <unsigned int>frame
    one.time = time
    one.flags = <short>packet.flags
    one.seq = seq
    one.ack = ack
    one.window = <unsigned short>packet.window
    one.length = <int>packet.length
    one.ttl = <unsigned char>packet.ttl
    one.ip_id = packet.ip_id
    one.timestamped = packet.has_timestamp != 0
    return one


cdef inline Seen seen(Sighting one, int side):
    return None if one.frame == 0 else kept(one, side)


cdef inline Seen kept(Sighting one, int side):
    cdef Seen shown = Seen.__new__(Seen)
    shown.frame = one.frame
    shown.time = one.time
    shown.side = <signed char>side
    shown.flags = one.flags
    shown.seq = one.seq
    shown.ack = one.ack
    shown.window = one.window
    shown.length = one.length
    shown.ttl = one.ttl
    shown.ip_id = one.ip_id
    shown.timestamped = one.timestamped
    return shown
