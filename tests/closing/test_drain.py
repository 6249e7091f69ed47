"""The policy of draining, in virtual time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.closing.drain import Drain, How


def test_end_of_file_ends_it() -> None:
    """A read of 0 bytes is the peer's FIN."""
    drain = Drain(0.0, 5.0, 100)
    assert drain.read(10, 1.0)
    assert not drain.read(0, 2.0)
    result = drain.result(None)
    assert (result.how, result.drained, result.peer_ended) == (
        How.PEER_CLOSED,
        10,
        True,
    )


def test_silence_is_counted_from_the_last_byte() -> None:
    """`idle` starts anew with every byte; `timeout` does not."""
    drain = Drain(0.0, 10.0, 100, idle=2.0)
    assert drain.read(1, 1.5)
    assert drain.seconds_left(1.5) == 2.0
    assert drain.waited(3.4)
    assert not drain.waited(3.5)
    assert drain.result(None).how is How.SILENT


@given(
    st.lists(st.tuples(st.integers(1, 50), st.floats(0, 3))),
    st.floats(0, 10),
    st.integers(0, 200),
)
def test_it_always_ends(
    reads: list[tuple[int, float]], timeout: float, limit: int
) -> None:
    """Whatever comes, it stops by the deadline and one read over the limit."""
    drain = Drain(0.0, timeout, limit)
    now = 0.0
    total = 0
    for size, pause in reads:
        now += pause
        total += size
        going_on = drain.read(size, now)
        assert going_on == (now < timeout and total <= limit)
        if not going_on:
            return
    assert not drain.waited(max(now, timeout))


def test_nonsense_is_refused() -> None:
    """Not-a-number as a time is an error at once, not a wait for ever."""
    with pytest.raises(ValueError, match="timeout"):
        Drain(0.0, float("nan"), 1)
