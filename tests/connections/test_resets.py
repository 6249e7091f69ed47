"""What a reset answers, and which reset ended the connection."""

import pytest

from lastack.connections.decisive import decisive_reset
from lastack.connections.facts import Facts
from lastack.connections.reset import Reset
from tests.connections.traced import (
    CLIENT_SIDE,
    HANDSHAKE,
    NONE,
    SERVER_SIDE,
    connection_of,
    facts_of,
    written,
)
from tests.connections.traced import segments as parsed


def facts(trace: str) -> Facts:
    """Return the facts of a trace behind a handshake."""
    return facts_of(written(parsed(HANDSHAKE + trace)))


def decided(trace: str) -> Reset:
    """Return the decisive reset of a trace behind a handshake."""
    reset = decisive_reset(connection_of(HANDSHAKE + trace))
    assert reset is not None
    return reset


def offender(trace: str) -> int:
    """Return the frame that the decisive reset answers, 0 if none."""
    found = decided(trace).offender
    return 0 if found is None else found.frame


def test_active_reset_answers_nothing() -> None:
    """A reset with an ACK comes from a live socket: it has no offender."""
    trace = "+0.1 > P. 1:101(100) ack 1\n+0.01 < . 1:1(0) ack 101\n"
    trace += "+1 < R. 1:1(0) ack 101 win 509"
    assert offender(trace) == 0
    found = facts(trace)
    assert found.resetter == SERVER_SIDE
    assert found.reset_has_ack
    assert found.reset_seq_is_sent
    assert not found.reset_window_zero
    assert not found.reset_answers_data


def test_data_behind_a_fin_is_the_offender() -> None:
    """A bare reset whose number the data's ack has answers that data."""
    trace = """
        +1 < F. 1:1(0) ack 1
        +0.01 > . 1:1(0) ack 2
        +1 > P. 1:101(100) ack 2
        +0.01 < R 2:2(0)
    """
    assert offender(trace) == 6
    found = facts(trace)
    assert found.reset_answers_data
    assert found.resetter_closed
    assert found.other_knew_fin
    assert not found.reset_has_ack
    assert found.reset_window_zero


def test_offender_is_found_across_data_in_flight() -> None:
    """The answered data is found though later segments were seen before the reset.

    At the sender's side the acknowledgement of a FIN leaves behind the data that
    crossed it, and before the reset which answers that data arrives.
    """
    trace = """
        +1 > P. 1:101(100) ack 1
        +0.001 < F. 1:1(0) ack 1
        +0.0001 > . 101:101(0) ack 2
        +0.01 < R 1:1(0)
    """
    assert offender(trace) == 4
    found = facts(trace)
    assert found.reset_answers_data
    assert found.reset_seq_is_fin


def test_the_sender_spoke_since_so_nothing_is_answered() -> None:
    """A side without FIN that sent more after the segment does not answer it."""
    trace = """
        +1 > P. 1:101(100) ack 1
        +0.01 < P. 1:51(50) ack 101
        +0.01 < R 1:1(0)
    """
    (reset,) = connection_of(HANDSHAKE + trace).resets
    assert reset.offender is None


@pytest.mark.parametrize(("wait", "frame"), [("0.04", 5), ("4", 0)])
def test_an_answer_comes_within_patience(wait: str, frame: int) -> None:
    """After four round trips and 50 ms a reset answers no segment.

    Unless that was waiting: then up to 3 s, since answers may have been lost.
    """
    trace = f"""
        +0.1 < . 1:1(0) ack 1
        +1 > P. 1:101(100) ack 1
        +{wait} < R 1:1(0)
    """
    assert offender(trace) == frame


@pytest.mark.parametrize(
    ("sent", "fact"),
    [
        ("> P. 1:101(100) ack 1", "reset_answers_data"),
        ("> F. 1:1(0) ack 1", "reset_answers_fin"),
        ("> . 0:0(0) ack 1", "reset_answers_probe"),
        ("> . 1:1(0) ack 1", "reset_answers_ack"),
    ],
)
def test_what_is_answered(sent: str, fact: str) -> None:
    """The reset of a host that forgot answers data, a FIN, a probe or an ACK."""
    trace = (
        f"+0.1 > P. 1:1(0) ack 1\n+0.1 < . 1:1(0) ack 1\n+70 {sent}\n+0.01 < R 1:1(0)"
    )
    found = facts(trace)
    kinds = ("data", "fin", "probe", "ack", "syn", "syn_ack")
    told = [
        f"reset_answers_{kind}"
        for kind in kinds
        if getattr(found, f"reset_answers_{kind}")
    ]
    assert told == [fact]
    assert found.idle_long


@pytest.mark.parametrize(
    ("wait", "may_answer"), [("0.01", False), ("0.3", True), ("9", False)]
)
def test_behind_a_fin_a_reset_may_answer_what_comes_late(
    wait: str, may_answer: bool
) -> None:
    """Sooner it answers the ACK that is seen, and later nothing that was on its way."""
    closed = "+1 < F. 1:1(0) ack 1\n+0.01 > . 1:1(0) ack 2\n"
    found = facts(f"{closed}+{wait} < R 2:2(0)")
    assert found.reset_may_answer == may_answer


def test_refused() -> None:
    """A reset with ack 1 and seq 0 answers the SYN."""
    found = facts_of(written(parsed("0 > S 0:0(0)\n+0.01 < R. 0:0(0) ack 1")))
    assert found.reset_answers_syn
    assert found.resetter == SERVER_SIDE
    assert not found.established


def test_a_refusal_that_acknowledges_something_else_ends_nothing() -> None:
    """In SYN_SENT only a reset that acknowledges the SYN counts (RFC 9293 3.10.7.3)."""
    found = facts_of(
        written(parsed("0 > S 0:0(0)\n+0.01 < R. 0:0(0) ack 7\n+1 > S 0:0(0)"))
    )
    assert found.resetter == NONE
    assert found.reset_ignored


def test_reset_of_the_syn_ack() -> None:
    """A client's bare reset with the SYN-ACK's ack answers that."""
    trace = "0 > S 0:0(0)\n+0.01 < S. 0:0(0) ack 1\n+0.0001 > R 1:1(0)"
    found = facts_of(written(parsed(trace)))
    assert found.reset_answers_syn_ack
    assert found.resetter == CLIENT_SIDE


def test_a_reset_outside_the_window_is_ignored() -> None:
    """A wrong sequence number ends nothing (RFC 5961 3.2)."""
    trace = """
        +1 > P. 1:101(100) ack 1
        +0.01 < . 1:1(0) ack 101
        +1 < R 50001:50001(0)
        +1 > P. 101:201(100) ack 1
        +0.01 < . 1:1(0) ack 201
    """
    found = facts(trace)
    assert found.resetter == NONE
    assert found.reset_ignored


def test_a_challenged_reset_is_ignored() -> None:
    """After a challenge ACK both sides go on: the reset ended nothing."""
    trace = """
        +1 > P. 1:101(100) ack 1
        +0.01 < . 1:1(0) ack 101
        +1 < R 1:1(0)
        +0.0001 > . 101:101(0) ack 1
        +1 > P. 101:201(100) ack 1
        +0.01 < P. 1:51(50) ack 201
        +0.01 > . 201:201(0) ack 51
    """
    assert facts(trace).reset_ignored


@pytest.mark.parametrize(("ttl", "resetter"), [(64, SERVER_SIDE), (63, NONE)])
def test_a_challenge_that_another_answers_confirms_nothing(
    ttl: int, resetter: int
) -> None:
    """Only a reset from as far away confirms the one that came before its data."""
    trace = f"""
        +1 > P. 1:101(100) ack 1
        +0.01 < . 1:1(0) ack 101
        +2 < R. 19:19(0) ack 101
        +0 > . 101:101(0) ack 1
        +1 < P. 1:19(18) ack 101
        +0 > . 101:101(0) ack 19
        +0.02 < R 1:1(0) {{ttl {ttl}}}
    """
    assert facts(trace).resetter == resetter


def test_a_reset_behind_both_fins_ends_nothing() -> None:
    """Both FINs were acknowledged: it had ended before."""
    found = facts("""
        +1 > F. 1:1(0) ack 1
        +0.01 < F. 1:1(0) ack 2
        +0.01 > . 2:2(0) ack 2
        +0.01 < R 2:2(0)
    """)
    assert found.resetter == NONE
    assert found.reset_after_close
    assert not found.reset_ignored


def test_a_reset_that_acknowledges_what_was_never_sent() -> None:
    """Behind a filter for SYN, FIN and RST what was sent is not known."""
    talk = "+1 > P. 1:101(100) ack 1\n+.01 < . 1:1(0) ack 101\n"
    filtered = "\n".join(HANDSHAKE.strip().splitlines()[:2])
    reset = "+1 < R. 1:1(0) ack 500"
    assert facts(talk + reset).reset_ack_beyond
    assert not facts(talk + reset.replace("500", "101")).reset_ack_beyond
    assert not facts_of(written(parsed(f"{filtered}\n{reset}"))).reset_ack_beyond


def test_only_six_resets_are_kept_and_all_are_counted() -> None:
    """A storm of resets costs no memory."""
    storm = "\n".join(f"+0.001 < R 1:1(0) {{id {number}}}" for number in range(1, 40))
    connection = connection_of(HANDSHAKE + "+1 > . 1:1(0) ack 1\n" + storm)
    assert len(connection.resets) == 6
    assert connection.reset_count == 39


@pytest.mark.parametrize(("idle", "long"), [(2, False), (20, False), (60, True)])
def test_idle_before_the_offender(idle: int, long: bool) -> None:
    """How long the resetting side had been silent when the offender came."""
    found = facts(
        f"+0.1 < P. 1:11(10) ack 1\n+{idle} > P. 1:101(100) ack 11\n+0.01 < R 11:11(0)"
    )
    assert found.idle_long == long


def test_an_old_connection_answers_the_syn() -> None:
    """A SYN-ACK or an ACK that does not acknowledge the SYN is another's answer."""
    for answer in ("< S. 0:0(0) ack 77", "< . 500:500(0) ack 77"):
        found = facts_of(written(parsed(f"0 > S 0:0(0)\n+0.01 {answer}")))
        assert found.odd_answer_to_syn
    fits = facts_of(written(parsed("0 > S 0:0(0)\n+0.01 < S. 0:0(0) ack 1")))
    assert not fits.odd_answer_to_syn


def test_ttl_of_the_reset() -> None:
    """A TTL unlike the sender's other packets' tells of another sender."""
    near = facts("+1 > P. 1:9(8) ack 1\n+0.01 < R 1:1(0) {ttl 63}")
    same = facts("+1 > P. 1:9(8) ack 1\n+0.01 < R 1:1(0) {ttl 64}")
    assert near.reset_ttl_known
    assert near.reset_ttl_differs
    assert same.reset_ttl_known
    assert not same.reset_ttl_differs


def test_doubled_window() -> None:
    """A reset with twice the last window: the queue was emptied, unread."""
    doubled = """
        +0.01 < . 1:1(0) ack 1 win 500
        +1 > P. 1:1001(1000) ack 1
        +0.01 < . 1:1(0) ack 1001 win 200
        +1 < R. 1:1(0) ack 1001 win 500
    """
    assert facts(doubled).reset_window_doubled
    stays = facts(doubled.replace("ack 1001 win 500", "ack 1001 win 200"))
    assert not stays.reset_window_doubled
    assert stays.reset_window_stays
