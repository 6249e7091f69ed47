# A truth value of one octet: Cython's own takes four, and a connection has many.
cdef extern from *:
    ctypedef bint flag "unsigned char"
