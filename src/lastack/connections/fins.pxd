cimport cython
from lastack.connections cimport sighting
from lastack.connections.flag cimport flag
from lastack.connections.gaps cimport Gaps
from lastack.connections.side cimport Side

cdef int FIN
cdef long long SWAPPED
cdef long long MASK32

cdef class Fins:
    cdef public unsigned int fin_answer
    cdef public signed char first_fin
    cdef public flag fins_crossed
    cdef public flag fin_disowned

    cdef void begin_fins(self) noexcept
    @cython.locals(gaps=Gaps, seen=sighting.Sighting)
    cdef void take_fin(self, Side side, Side peer, long long fin_seq) noexcept
    @cython.locals(gaps=Gaps, seen=sighting.Sighting)
    cdef infer_fin(self, Side side, Side peer)
    @cython.locals(gaps=Gaps, seen=sighting.Sighting)
    cdef take_of_unseen(self, Side side, Side peer)
    @cython.locals(gaps=Gaps, seen=sighting.Sighting)
    cdef void take_back_fin(self, Side side, Side peer, long long end) noexcept
