"""Arithmetic on sequence numbers, modulo 2**32 (RFC 9293, 3.4)."""

MODULUS = 1 << 32
_HALF = 1 << 31


def add(number: int, count: int) -> int:
    """Return the sequence number `count` octets after `number`."""
    return (number + count) % MODULUS


def distance(start: int, end: int) -> int:
    """Return how far `end` lies after `start`: -2**31 .. 2**31 - 1."""
    return (end - start + _HALF) % MODULUS - _HALF


def before(a: int, b: int) -> bool:
    """Return whether `a` comes before `b` in sequence space."""
    return 0 < (b - a) % MODULUS < _HALF


def in_window(number: int, start: int, size: int) -> bool:
    """Return whether `number` lies in the `size` octets from `start` on."""
    return (number - start) % MODULUS < size
