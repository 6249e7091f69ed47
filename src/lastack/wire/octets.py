"""Numbers in octets, in either byte order, for readers that checked the bounds.

Compiled, `octets.pxd` gives these functions instead: there `octets` is a pointer,
and a whole number is one load of the processor. So they check nothing; who calls
them has compared the length that is there with the length that is read. The tests
run the plain form, where a missing comparison is an IndexError.
"""


def of(buffer: bytearray) -> bytearray:
    """Return the octets of a buffer: compiled, a pointer to the first of them."""
    return buffer


def half(octets: bytearray, at: int) -> int:
    """Return the 16-bit number at `at`, the most significant octet first."""
    return (octets[at] << 8) | octets[at + 1]


def word(octets: bytearray, at: int) -> int:
    """Return the 32-bit number at `at`, the most significant octet first."""
    return (
        (octets[at] << 24)
        | (octets[at + 1] << 16)
        | (octets[at + 2] << 8)
        | octets[at + 3]
    )


def double(octets: bytearray, at: int) -> int:
    """Return the 64-bit number at `at`, the most significant octet first."""
    return (word(octets, at) << 32) | word(octets, at + 4)


def little_half(octets: bytearray, at: int) -> int:
    """Return the 16-bit number at `at`, the least significant octet first."""
    return octets[at] | (octets[at + 1] << 8)


def little_word(octets: bytearray, at: int) -> int:
    """Return the 32-bit number at `at`, the least significant octet first."""
    return (
        octets[at]
        | (octets[at + 1] << 8)
        | (octets[at + 2] << 16)
        | (octets[at + 3] << 24)
    )
