"""Arithmetic modulo 2**32, by its laws."""

from hypothesis import given
from hypothesis import strategies as st

from lastack.tcp.sequence import MODULUS, add, before, distance, in_window

NUMBERS = st.integers(0, MODULUS - 1)
HALF = MODULUS // 2


@given(NUMBERS, st.integers(-HALF, HALF - 1))
def test_distance_undoes_add(number: int, count: int) -> None:
    """Over the wrap too, and in both directions."""
    there = add(number, count)
    assert 0 <= there < MODULUS
    assert distance(number, there) == count


@given(NUMBERS, NUMBERS)
def test_of_two_numbers_one_comes_first(a: int, b: int) -> None:
    """Unless they are equal, or half of all numbers apart, where none does."""
    undecided = (b - a) % MODULUS in {0, HALF}
    assert before(a, b) + before(b, a) == (not undecided)
    assert before(a, b) == (distance(a, b) > 0)


@given(NUMBERS, st.integers(0, 1 << 30), st.integers(-2, 1 << 30))
def test_a_window_has_its_size(start: int, size: int, offset: int) -> None:
    """From its start on, and not the octet behind it."""
    assert in_window(add(start, offset), start, size) == (0 <= offset < size)


def test_by_hand() -> None:
    """The last number is before 0, and 10 octets around the wrap are a window."""
    assert add(MODULUS - 1, 1) == 0
    assert before(MODULUS - 1, 0)
    assert distance(5, MODULUS - 5) == -10
    assert in_window(4, MODULUS - 5, 10)
    assert not in_window(5, MODULUS - 5, 10)
