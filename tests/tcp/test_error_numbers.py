"""The numbers of errors, by system."""

import errno

from lastack.sim import personalities
from lastack.tcp.error_numbers import ERROR_NUMBERS


def test_linux_s_numbers_are_those_of_the_kernel_that_runs() -> None:
    """So that the table was not made up; the others are their headers'."""
    for name, number in ERROR_NUMBERS["linux"].items():
        assert getattr(errno, name) == number


def test_every_system_has_numbers() -> None:
    """And the same names."""
    assert set(ERROR_NUMBERS) == set(personalities.names())
    assert len({frozenset(it) for it in ERROR_NUMBERS.values()}) == 1
