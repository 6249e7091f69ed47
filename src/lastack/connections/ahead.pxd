# The compiled form of ahead.py, put in place where it is called.
from cpython.list cimport PyList_GET_ITEM, PyList_GET_SIZE
from cpython.tuple cimport PyTuple_GET_ITEM
from lastack.connections.connection cimport Connection
from lastack.connections.reset cimport Reset

cdef extern from *:
    """
    #if defined(__GNUC__) || defined(__clang__)
    #define lastack_prefetch(address) __builtin_prefetch(address)
    #else
    #define lastack_prefetch(address) ((void)(address))
    #endif
    """
    void prefetch "lastack_prefetch" (const void *address) noexcept


cdef inline void lines(const void *object, int size) noexcept:
    cdef int at
    for at in range(0, size, 64):
        prefetch(<const char *>object + at)


cdef inline void of_connection(list connections, Py_ssize_t stream) noexcept:
    if stream < PyList_GET_SIZE(connections):
        lines(<void *>PyList_GET_ITEM(connections, stream), 208)


cdef inline void of_sides(list connections, Py_ssize_t stream) noexcept:
    cdef Connection one
    if stream < PyList_GET_SIZE(connections):
        one = <Connection>PyList_GET_ITEM(connections, stream)
        lines(<void *>one.side0, 192)
        lines(<void *>one.side1, 192)
        prefetch(<void *>one.resets)


cdef inline void of_segments(list connections, Py_ssize_t stream) noexcept:
    cdef Connection one
    if stream < PyList_GET_SIZE(connections):
        one = <Connection>PyList_GET_ITEM(connections, stream)
        lines(<char *><void *>one.side0 + 192, 160)
        lines(<char *><void *>one.side1 + 192, 160)


cdef inline void of_resets(list connections, Py_ssize_t stream) noexcept:
    cdef Connection one
    if stream < PyList_GET_SIZE(connections):
        one = <Connection>PyList_GET_ITEM(connections, stream)
        if one.reset_count > 0:
            lines(<void *>PyTuple_GET_ITEM(one.resets, 0), 248)


cdef inline void of_reset(list connections, Py_ssize_t stream) noexcept:
    cdef Connection one
    if stream < PyList_GET_SIZE(connections):
        one = <Connection>PyList_GET_ITEM(connections, stream)
        if one.reset_count > 0:
            prefetch(<void *>(<Reset>PyTuple_GET_ITEM(one.resets, 0)).segment)
