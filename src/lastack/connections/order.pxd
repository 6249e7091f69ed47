from lastack.connections.side cimport Side

cdef long long A_BATCH
cdef long long A_QUEUE

cpdef long long disorder(Side side, Side peer) noexcept
cpdef bint is_after(
    long long apart, long long frames_apart, long long believed
) noexcept
