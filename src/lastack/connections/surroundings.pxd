cimport cython
from lastack.connections cimport ahead, sighting
from lastack.connections.connection cimport Connection
from lastack.connections.elsewhere cimport Elsewhere
from lastack.connections.gaps cimport loss
from lastack.connections.reset cimport Reset
from lastack.connections.side cimport Side

cdef int ACK
cdef int PLACES
cdef unsigned long long MASK64, SPREAD
cdef long long TOGETHER
cdef long long SERVED_NEAR
cdef long long CLOSED_NEAR
cdef long long MOMENT
cdef long long SYN_PATIENCE
cdef int A_SYN

@cython.final
cdef class Host:
    cdef public int ttl
    cdef public int other_ttl
    cdef public int doubled
    cdef public int plain

    cdef void take(self, int ttl) noexcept

@cython.final
cdef class Service:
    cdef public int version
    cdef public unsigned long long high
    cdef public unsigned long long low
    cdef public int port
    cdef public Host host
    cdef public list reset_times
    cdef public bint in_order
    cdef public bint serves
    cdef public long long first_served
    cdef public long long last_served
    cdef public long long last_kept
    cdef public long long first_waiting
    cdef public long long first_open
    cdef public long long last_open
    cdef public long long last_refused

@cython.final
cdef class Surroundings:
    cdef public long long capture_end
    cdef public bint shows_errors
    cdef public dict hosts
    cdef public dict services
    cdef public list places
    cdef public long long frames
    cdef public long long missing
    cdef public bint unfiltered
    cdef public bint went_on
    cdef public bint answers
    cdef public long long plain
    cdef public bint one_way
    cdef public long long syns
    cdef public long long syns_missing
    cdef public long long two_way
    cdef public long long syn_acks_missing
    cdef public long long capture_start
    cdef public int loss
    cdef public long long scrubbed
    cdef public Elsewhere elsewhere

    @cython.locals(
        connection=Connection, stream=cython.Py_ssize_t, earliest=Connection
    )
    cdef add_all(self, list connections)
    @cython.locals(one=Connection, server=Side, client=Side, service=Service, reset=Reset, host=Host)
    cdef add(self, Connection connection)
    cpdef bint goes_on_elsewhere(self, Connection connection) except -1
    @cython.locals(
        service=Service, high=cython.ulonglong, low=cython.ulonglong,
        mixed=cython.ulonglong, port=cython.int, place=cython.int
    )
    cpdef Service service(self, Connection connection)
    @cython.locals(service=Service)
    cdef Service look_up(
        self, int version, unsigned long long high, unsigned long long low, int port
    )
    @cython.locals(host=Host)
    cpdef int server_ttl(self, Connection connection) except? -1
    @cython.locals(one=Connection)
    cpdef bint ttl_tells(self, Connection connection) except -1
    @cython.locals(host=Host)
    cpdef bint has_ttl(self, Connection connection, int ttl) except -1
    @cython.locals(service=Service, near=cython.longlong)
    cpdef bint served_just_before(
        self, Connection connection, long long time
    ) except -1
    @cython.locals(host=Host)
    cpdef bint is_doubled(self, Connection connection) except -1
    @cython.locals(service=Service)
    cpdef bint serves(self, Connection connection) except -1
    @cython.locals(service=Service, together=cython.int)
    cpdef bint reset_together(self, Connection connection, long long time) except -1
    @cython.locals(service=Service)
    cpdef bint listener_goes_on(self, Connection connection, long long time) except -1
    @cython.locals(first=cython.longlong)
    cdef int resets_within(
        self, Service service, long long time, long long around
    ) except -1
    @cython.locals(service=Service)
    cpdef bint served_after(self, Connection connection, long long time) except -1
    @cython.locals(service=Service)
    cpdef bint listener_gone(self, Connection connection, long long time) except -1
    @cython.locals(service=Service)
    cpdef bint served_others(self, Connection connection) except -1

@cython.locals(
    low=cython.longlong, high=cython.longlong, middle=cython.longlong,
    one=cython.longlong
)
cdef long long before(list times, long long time) except -1

@cython.locals(
    found=cython.int, second=cython.int, number=cython.int, one=sighting.Sighting
)
cdef int ttls_beside(Side side) noexcept

cdef int plain_frames(Side side) noexcept

@cython.locals(one=Side, two=Side, found=cython.int, reset=Reset, side=Side)
cpdef int missing_of(Connection connection) except -1
