cimport cython
from lastack.connections.connection cimport Connection
from lastack.connections.reset cimport Reset
from lastack.connections.side cimport Side

cdef int ACK

cdef class Service:
    cdef public int ttl
    cdef public list reset_times
    cdef public bint in_order
    cdef public bint serves
    cdef public long long first_served
    cdef public long long last_served

cdef class Surroundings:
    cdef public long long capture_end
    cdef public dict host_ttl
    cdef public dict services

    @cython.locals(
        one=Connection, server=Side, service=Service, reset=Reset
    )
    cpdef add(self, Connection connection)
    @cython.locals(service=Service)
    cpdef Service service(self, Connection connection)
    cpdef int server_ttl(self, Connection connection)
    @cython.locals(service=Service, near=cython.int)
    cpdef bint reset_together(self, Connection connection, long long time)
    @cython.locals(service=Service, margin=cython.longlong)
    cpdef bint served_others(self, Connection connection)
