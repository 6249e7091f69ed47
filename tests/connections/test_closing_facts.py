"""Who closed first, what crossed, and what came late."""

import pytest

from lastack.connections.facts import Facts
from tests.connections.traced import (
    CLIENT_SIDE,
    HANDSHAKE,
    NONE,
    SERVER_SIDE,
    facts_of,
    segments,
    written,
)

FIN = "+1 > F. 1:1(0) ack 1\n"


def facts(trace: str) -> Facts:
    """Return the facts of a trace behind a handshake."""
    return facts_of(written(segments(HANDSHAKE + trace)))


def test_no_fin() -> None:
    """Without a FIN nobody closed."""
    found = facts("+0.1 > P. 1:101(100) ack 1")
    assert found.first_closer == NONE
    assert not found.both_closed


def test_first_closer() -> None:
    """The first FIN's sender closed first, whichever side it is."""
    client = facts("+1 > F. 1:1(0) ack 1\n+0.01 < F. 1:1(0) ack 2")
    server = facts("+1 < F. 1:1(0) ack 1\n+0.01 > F. 1:1(0) ack 2")
    assert (client.first_closer, server.first_closer) == (CLIENT_SIDE, SERVER_SIDE)
    assert client.both_closed
    assert client.first_fin_acked
    assert not client.second_fin_acked


def test_fin_with_data() -> None:
    """A FIN behind data in its segment is acknowledged one behind the data."""
    short = facts("+1 > FP. 1:101(100) ack 1\n+0.01 < . 1:1(0) ack 101")
    whole = facts("+1 > FP. 1:101(100) ack 1\n+0.01 < . 1:1(0) ack 102")
    assert short.client_data
    assert whole.client_data
    assert not short.first_fin_acked
    assert whole.first_fin_acked


def test_crossing_fins() -> None:
    """Two FINs, each sent before the other was known, crossed."""
    crossed = facts(
        "+1 > F. 1:1(0) ack 1\n+0.001 < F. 1:1(0) ack 1\n"
        "+0.01 > . 2:2(0) ack 2\n+0.001 < . 2:2(0) ack 2"
    )
    answered = facts(
        "+1 > F. 1:1(0) ack 1\n+0.001 < F. 1:1(0) ack 2\n+0.01 > . 2:2(0) ack 2"
    )
    assert crossed.fins_crossed
    assert not answered.fins_crossed
    assert crossed.second_fin_acked
    assert answered.second_fin_acked


@pytest.mark.parametrize(
    ("repeated", "answer", "crossed"), [("", 2, True), ("", 1, False), (FIN, 2, False)]
)
def test_a_lost_fin_that_crossed(repeated: str, answer: int, crossed: bool) -> None:
    """What first acknowledges a FIN shows whether another had left before."""
    lost = f"{FIN}{repeated}+0.01 < . {answer}:{answer}(0) ack 2\n"
    assert facts(lost + "+0.2 < F. 1:1(0) ack 2").fins_crossed == crossed


@pytest.mark.parametrize(
    ("before", "gap"), [("", 0.003), ("+.9 > P. 1:101(100) ack 1\n", 0.2)]
)
def test_what_the_network_delayed_shows_no_crossing(before: str, gap: float) -> None:
    """A FIN may come behind a later ACK, and delayed data has a FIN acknowledged."""
    seq = 101 if before else 1
    closed = f"{before}+.001 > F. {seq}:{seq}(0) ack 1\n"
    answer = f"+0.05 < . 2:2(0) ack {seq + 1}\n+{gap} < F. 1:1(0) ack {seq + 1}"
    assert not facts(closed + answer).fins_crossed


def test_the_last_ack_before_the_last_fin_shows_no_crossing() -> None:
    """Where two stamps are crossed, the second FIN still acknowledges the first."""
    swapped = f"{FIN}+0.04 < . 1:1(0) ack 2\n+1 > . 2:2(0) ack 2\n+0 < F. 1:1(0) ack 2"
    assert not facts(swapped).fins_crossed


def test_late_data() -> None:
    """Data behind the peer's FIN is late; acknowledged, it was accepted."""
    late = facts("""
        +1 > F. 1:1(0) ack 1
        +0.01 < . 1:1(0) ack 2
        +1 < P. 1:501(500) ack 2
        +0.01 > . 2:2(0) ack 501
    """)
    assert late.late_data
    assert late.late_data_acked
    assert late.late_data_knew


def test_data_that_crossed_the_fin() -> None:
    """Data that left before the FIN came is late, and its sender did not know."""
    crossed = facts("+1 > F. 1:1(0) ack 1\n+0.001 < P. 1:501(500) ack 1")
    assert crossed.late_data
    assert not crossed.late_data_knew
    assert not crossed.late_data_acked


def test_data_before_the_fin_is_not_late() -> None:
    """What the FIN acknowledged came before it."""
    early = facts("""
        +0.1 < P. 1:501(500) ack 1
        +0.01 > F. 1:1(0) ack 501
        +0.01 < . 501:501(0) ack 2
    """)
    assert not early.late_data


def test_fin_sent_again() -> None:
    """A FIN sent more than twice and never acknowledged is known as such."""
    lost = facts("+1 > F. 1:1(0) ack 1\n+0.2 > F. 1:1(0) ack 1\n+0.4 > F. 1:1(0) ack 1")
    assert lost.fin_never_acked == CLIENT_SIDE
    assert lost.fin_sent_often
    once = facts("+1 > F. 1:1(0) ack 1\n+0.2 > F. 1:1(0) ack 1\n+0.01 < . 1:1(0) ack 2")
    assert once.fin_never_acked == NONE
