"""Each note is made where its fact is there, and not beside it."""

import pytest

from lastack.diagnosis.notes import NOTES
from lastack.tcp.notation import parse_trace
from tests.connections.traced import HANDSHAKE, explained, segments, written
from tests.judged import judged

TALK = """
+0.1 > P. 1:101(100) ack 1
+0.01 < P. 1:51(50) ack 101
+0.01 > . 101:101(0) ack 51
"""
CLOSE = """
+1 > F. 101:101(0) ack 51
+0.01 < F. 51:51(0) ack 102
+0.01 > . 102:102(0) ack 52
"""
RACE = """
+5 < F. 51:51(0) ack 101
+0.01 > P. 101:201(100) ack 51
+0.01 < R 51:51(0)
"""
CROSSED = HANDSHAKE + TALK + RACE
PUSHED_OUT = """
+0.1 > P. 1:101(100) ack 1
+0.01 < . 1:1(0) ack 101 win 509
+0.5 < P. 1:501(500) ack 101 win 509
+0.0001 < R. 501:501(0) ack 101 win 1018
"""

YES = {
    "keep-alive-race": CROSSED,
    "response-at-risk": HANDSHAKE + PUSHED_OUT,
    "health-check": HANDSHAKE + "+0.01 > R. 1:1(0) ack 1 win 502",
    "reset-ignored": HANDSHAKE + TALK + "+1 < R 90051:90051(0)" + CLOSE,
    "reset-after-close": HANDSHAKE + TALK + CLOSE + "+0.1 < R 52:52(0)",
    "begins-in-the-middle": "0 > P. 1:101(100) ack 1\n+0.01 < . 1:1(0) ack 101",
    "retransmissions": HANDSHAKE
    + "+0.1 > P. 1:101(100) ack 1\n+0.3 > P. 1:101(100) ack 1\n"
    + "+0.01 < . 1:1(0) ack 101",
}
NO = {
    "keep-alive-race": HANDSHAKE + TALK + RACE.replace("ack 51", "ack 52", 1),
    "response-at-risk": HANDSHAKE
    + PUSHED_OUT.replace("+0.0001 <", "+0.01 > . 101:101(0) ack 501\n+1 <"),
    "health-check": HANDSHAKE + TALK + "+0.01 > R. 101:101(0) ack 51 win 502",
    "reset-ignored": HANDSHAKE + TALK + "+1 < R. 51:51(0) ack 101 win 509",
    "reset-after-close": HANDSHAKE + TALK + "+1 < R. 90051:90051(0) ack 101" + CLOSE,
    "begins-in-the-middle": HANDSHAKE + TALK,
    "retransmissions": HANDSHAKE + TALK,
}


def noted(trace: str) -> tuple[str, ...]:
    """Return the notes on a trace's last connection."""
    return list(explained(trace).diagnoses())[-1].notes


@pytest.mark.parametrize("note", YES)
def test_yes(note: str) -> None:
    """The note is made."""
    assert note in noted(YES[note])


@pytest.mark.parametrize("note", NO)
def test_no(note: str) -> None:
    """Almost the same, and the note is not made."""
    assert note not in noted(NO[note])


def test_a_race_needs_a_request_that_crossed() -> None:
    """It knows the whole answer, and not the FIN; at the client it leaves first."""
    assert "keep-alive-race" in noted(CROSSED)
    at_the_client = """
        +5 > P. 101:201(100) ack 51
        +0.001 < F. 51:51(0) ack 101
        +0.01 < R 51:51(0)
    """
    assert "keep-alive-race" in noted(HANDSHAKE + TALK + at_the_client)
    told = RACE.replace("ack 51", "ack 52").replace("R 51:51", "R 52:52")
    assert "data-after-close" in judged_slug(HANDSHAKE + TALK + told)
    assert "keep-alive-race" not in noted(HANDSHAKE + TALK + told)
    upload = """
        +0.1 > P. 101:1101(1000) ack 51
        +0.01 < P. 51:251(200) ack 1101
        +0.0001 < F. 251:251(0) ack 1101
        +0.001 > P. 1101:2101(1000) ack 51
        +0.01 < R 51:51(0)
    """
    assert "keep-alive-race" not in noted(HANDSHAKE + TALK + upload)


def judged_slug(trace: str) -> str:
    """Return the ending of a trace's last connection."""
    return list(explained(trace).diagnoses())[-1].first.slug


def test_one_way() -> None:
    """One direction of two that spoke; with both, or a SYN only, it is not said."""
    both = segments(HANDSHAKE + TALK)
    only = [one for one in both if one.source.port == 80]
    (half,) = judged(written(only)).diagnoses()
    assert "one-way" in half.notes
    assert "one-way" not in noted(HANDSHAKE + TALK)
    assert "one-way" not in noted("0 > S 0:0(0)")


def test_duplicated_frames() -> None:
    """Every frame twice; one copy alone may be chance."""
    twice = [one for one in segments(HANDSHAKE + TALK) for _ in range(2)]
    (copied,) = judged(written(twice)).diagnoses()
    assert "duplicated-frames" in copied.notes
    assert "retransmissions" not in copied.notes
    storm = "+0.1 < F. 51:51(0) ack 101\n" + "\n".join(
        f"+0.0001 > P. {at}:{at + 100}(100) ack 52" for at in range(101, 601, 100)
    )
    answers = "\n+0.01 < R 52:52(0)" + "\n+0.0001 < R 52:52(0)" * 4
    assert "duplicated-frames" not in noted(HANDSHAKE + TALK + storm + answers)
    (plain,) = judged(written(twice[1::2])).diagnoses()
    assert "duplicated-frames" not in plain.notes


def test_port_reused() -> None:
    """The second connection on the same addresses and ports, not the first."""
    first = parse_trace(HANDSHAKE + TALK + CLOSE)
    second = parse_trace(HANDSHAKE.replace("0 >", "60 >", 1), client_isn=5)
    old, new = judged(written([*first, *second])).diagnoses()
    assert "port-reused" not in old.notes
    assert "port-reused" in new.notes


def test_every_note_is_tested() -> None:
    """A note that is added gets a trace above."""
    assert set(NOTES) == {*YES, "one-way", "duplicated-frames", "port-reused"}
    assert set(YES) == set(NO)
