"""A connection in one line: enough to find it by."""

import pytest
from tests.connections.traced import explained

from lastack.diagnosis.judge import Judgement, Ranked
from lastack.ending import Claim, Strength
from lastack.render.clock import time_of_day
from lastack.render.one_line import one_line


def line(probability: float) -> str:
    """Return the line of a refused connection whose verdict is so probable."""
    claim = Claim("server", "a-case", Strength.STRONG)
    judgement = Judgement((Ranked("connection-refused", claim, probability),))
    one = explained("0.5 > S 0:0(0)\n+0.01 < R. 0:0(0) ack 1 win 0")
    return one_line(one.connections[0], judgement)


def test_what_is_sure() -> None:
    """Its stream, the time of its first frame, client and server."""
    assert line(0.9) == "stream 0  22:13:20.500  192.0.2.1:40000 > 198.51.100.7:80"


def test_what_is_not() -> None:
    """Below 90 % it says how sure it is."""
    assert line(0.89) == f"{line(1)}  (89 %)"


@pytest.mark.parametrize(
    ("nanoseconds", "shown"),
    [
        (0, "00:00:00.000"),
        (1_700_000_000_123_999_999, "22:13:20.123"),
        (-1, "23:59:59.999"),
        (10**30, "01:46:40.000"),
    ],
)
def test_time_of_day(nanoseconds: int, shown: str) -> None:
    """To the millisecond below, in UTC, whatever a file claims."""
    assert time_of_day(nanoseconds) == shown
