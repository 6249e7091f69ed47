"""What gives a forged reset away: its hurry, its company, who goes on."""

import pytest

from lastack.connections.facts import Facts
from tests.connections.traced import HANDSHAKE, SERVER_SIDE, facts_of, segments, written

# The server answers in 20 ms, three times, so that its speed is known.
TALK = HANDSHAKE + "".join(
    f"+0.1 > P. {at}:{at + 10}(10) ack 1\n+0.02 < . 1:1(0) ack {at + 10} {{id {at}}}\n"
    for at in (1, 11, 21)
)
ASKED = TALK + "+0.1 > P. 31:41(10) ack 1\n"


def facts(trace: str) -> Facts:
    """Return the facts of a trace."""
    return facts_of(written(segments(trace)))


@pytest.mark.parametrize(("wait", "too_fast"), [("0.001", True), ("0.008", False)])
def test_too_fast(wait: str, too_fast: bool) -> None:
    """A reset in a quarter of the server's fastest answer came from nearer by."""
    found = facts(f"{ASKED}+{wait} < R 1:1(0)")
    assert found.reset_answers_data
    assert found.reset_too_fast == too_fast


def test_a_burst_guesses_numbers() -> None:
    """Resets at once with several numbers are guesses; with one they are copies."""
    guesses = TALK + "+1 < R. 1:1(0) ack 31\n+0.0001 < R. 1461:1461(0) ack 31"
    copies = TALK + "+1 < R. 1:1(0) ack 31\n+0.0001 < R. 1:1(0) ack 31"
    two_forms = TALK + "+1 < R. 1461:1461(0) ack 31\n+0.0001 < R 1:1(0)"
    assert facts(guesses).reset_burst
    assert not facts(two_forms).reset_burst
    assert not facts(copies).reset_burst


def test_both_ways() -> None:
    """Resets to both sides at once, neither an answer, are one forger's work."""
    both = TALK + "+1 < R. 1:1(0) ack 31\n+0.0001 > R. 31:31(0) ack 1"
    assert facts(both).reset_both_ways
    assert not facts(TALK + "+1 < R. 1:1(0) ack 31").reset_both_ways
    later = TALK + "+1 < R. 1:1(0) ack 31\n+0.014 > R 31:31(0)"
    assert not facts(later).reset_both_ways


def test_the_sender_goes_on() -> None:
    """Who sends data after its own reset did not send that reset."""
    goes_on = (
        TALK + "+1 < R. 1:1(0) ack 31\n+0.1 < P. 1:101(100) ack 31\n+0.01 > R 31:31(0)"
    )
    found = facts(goes_on)
    assert found.resetter == SERVER_SIDE
    assert found.reset_sender_goes_on


def test_overtaken_segments_are_no_going_on() -> None:
    """What left before the reset and came a moment after it proves nothing."""
    overtaken = TALK + "+1 < R. 101:101(0) ack 31\n+0.001 < P. 1:101(100) ack 31"
    assert not facts(overtaken).reset_sender_goes_on


def stamped(first: int, *later: int) -> str:
    """Return a server's data, its reset, and that data once more.

    The server has no IP IDs; its timestamps are `first` and so much `later`.
    """
    marks = "".join(
        f"\n+.1 {text} <nop,nop,TS val {(first + more) & 0xFFFFFFFF} ecr 6> {{id 0}}"
        for more, text in zip(
            (0, *later),
            (
                "< S. 0:0(0) ack 1",
                "> . 1:1(0) ack 1",
                "< P. 1:11(10) ack 1",
                "< R. 11:11(0) ack 1 win 500",
                "< P. 1:11(10) ack 1",
            ),
            strict=True,
        )
    )
    return "0 > S 0:0(0) <nop,nop,TS val 5 ecr 0> {id 0}" + marks


@pytest.mark.parametrize("first", [100, 0xFFFFFFFF - 200])
def test_a_copy_is_older_than_the_reset(first: int) -> None:
    """What another capture has of before the reset comes late by its clock."""
    assert not facts(stamped(first, 10, 120, 220, 120)).reset_sender_goes_on
    assert facts(stamped(first, 10, 120, 220, 320)).reset_sender_goes_on


def test_a_copy_has_an_old_ip_id() -> None:
    """Without timestamps its place in the count of IP IDs shows a copy."""
    ended = TALK + "+1 < R. 1:1(0) ack 31 win 500 {id 22}\n"
    assert not facts(ended + "+5 < . 1:1(0) ack 21 {id 11}").reset_sender_goes_on
    assert facts(ended + "+5 < . 1:1(0) ack 31 {id 23}").reset_sender_goes_on


def test_a_copy_between_does_not_set_the_count_back() -> None:
    """The reset has the next IP ID although a copy of an old segment came before."""
    ended = TALK + "+1 < . 1:1(0) ack 21 {id 11}\n+0 < R. 1:1(0) ack 31 win 1 {id 23}\n"
    assert not facts(ended + "+.5 < . 1:1(0) ack 31 {id 22}").reset_sender_goes_on


def test_the_copy_of_a_syn_ack_is_no_going_on() -> None:
    """A server that saw the handshake's end repeats no SYN-ACK, with an ID or not."""
    ended = HANDSHAKE + "+1 < R. 1:1(0) ack 1 win 500 {id 22}\n"
    assert not facts(ended + "+1 < S. 0:0(0) ack 1 {id 0}").reset_sender_goes_on


@pytest.mark.parametrize(
    ("reset", "zero", "continues"),
    [("{id 0}", True, False), ("{id 22}", False, True), ("{id 9000}", False, False)],
)
def test_ip_id(reset: str, zero: bool, continues: bool) -> None:
    """A live socket's reset has the next IP ID, a kernel's answer 0."""
    found = facts(f"{TALK}+1 < R. 1:1(0) ack 31 win 500 {reset}")
    assert found.reset_ip_id_zero == zero
    assert found.reset_ip_id_continues == continues


def test_missing_timestamps() -> None:
    """On a connection with timestamps a live socket's reset carries them, too."""
    stamps = "<nop,nop,TS val 5 ecr 6>"
    begun = (
        f"0 > S 0:0(0) {stamps}\n+0.01 < S. 0:0(0) ack 1 {stamps}\n"
        f"+0.01 > . 1:1(0) ack 1 {stamps}\n"
    )
    assert facts(begun + "+1 < R. 1:1(0) ack 1").reset_lacks_timestamps
    assert not facts(f"{begun}+1 < R. 1:1(0) ack 1 {stamps}").reset_lacks_timestamps
    assert not facts(HANDSHAKE + "+1 < R. 1:1(0) ack 1").reset_lacks_timestamps
