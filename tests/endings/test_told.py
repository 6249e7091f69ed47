"""What is told of an ending fits what was seen: who did what, proof, what calls saw."""

from typing import Final

from lastack.diagnosis.diagnosis import Diagnosis
from lastack.tcp.notation import CLIENT_ISN, parse_trace
from lastack.tcp.segment import Address
from tests.connections.traced import explained, written
from tests.judged import judged

OPEN: Final = """
+0    > S 0:0(0) win 64240 <mss 1460>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460> {id 0}
+0    > . 1:1(0) ack 1 win 502
"""
ASKED: Final = (
    OPEN
    + """
+0    > P. 1:101(100) ack 1 win 502
+.01  < . 1:1(0) ack 101 win 509
"""
)


def told(trace: str) -> Diagnosis:
    """Return what is told of a trace's only connection."""
    return explained(trace).diagnosis(0)


def test_a_fin_that_is_repeated_is_shown_first() -> None:
    """The FIN itself is the first exhibit, its repetitions follow."""
    fins = ASKED + "+1 > F. 101:101(0) ack 1 win 502\n"
    fins += "+.2 > F. 101:101(0) ack 1 win 502\n" * 4
    assert [one.frame for one in told(fins).evidence] == [6, 7, 10]


def test_what_was_repeated_is_named() -> None:
    """Data and a FIN behind acknowledged data are told apart."""
    data = ASKED + "+1 > P. 101:201(100) ack 1 win 502\n" * 5
    fins = ASKED + "+1 > F. 101:101(0) ack 1 win 502\n" * 5
    both = ASKED + "+1 > FP. 101:201(100) ack 1 win 502\n" * 5
    assert "repeated its data" in told(data).summary
    assert "repeated its FIN" in told(fins).summary
    assert "repeated its data" in told(both).summary


def test_how_often_and_how_long_it_was_repeated_is_said() -> None:
    """The time is counted from the first sending, the number from the second."""
    data = ASKED + "+1 > P. 101:201(100) ack 1 win 502\n" * 5
    assert "4 times in the 4 s after it had sent it" in told(data).summary


def test_what_ends_a_silence_is_shown() -> None:
    """Who gave up, and is heard of later, refuses: the last exhibit is the reset."""
    gave_up = ASKED + "+1 > P. 101:201(100) ack 1 win 502\n"
    for wait in (".2", ".4", ".8", "1.6"):
        gave_up += f"+{wait} > P. 101:201(100) ack 1 win 502\n"
    later = told(gave_up + "+6 < P. 1:51(50) ack 101 win 509\n+.01 > R 101:101(0)")
    assert later.first.slug == "retransmission-timeout"
    assert later.evidence[-1].frame == 12
    assert "ECONNRESET" in later.application_saw["server"]


def test_a_reset_behind_a_fin_is_no_error_of_recv() -> None:
    """On Linux, behind the end of file send() fails with EPIPE, and recv() never."""
    behind = (
        ASKED + "+1 < F. 1:1(0) ack 101 win 509\n+.0001 < R. 2:2(0) ack 101 win 509"
    )
    assert told(behind).application_saw["client"].startswith("EOF, then EPIPE")


def test_who_never_got_a_syn_has_nothing_to_repeat() -> None:
    """A firewall that rejects a SYN leaves no connection at the other host."""
    other = parse_trace(
        OPEN.replace("{id 0}", "{ttl 55, id 0}"), Address("192.0.2.9", 5)
    )
    rejected = "+1 > S 0:0(0) win 64240\n+.0002 < R. 0:0(0) ack 1 win 0 {ttl 63, id 0}"
    diagnosis = judged(written([*other, *parse_trace(rejected)])).diagnosis(1)
    assert diagnosis.first.slug == "firewall-reset"
    assert diagnosis.application_saw == {
        "client": "connect: ECONNREFUSED",
        "server": "nothing",
    }


def test_nothing_is_read_of_who_sent_nothing() -> None:
    """Before its ECONNRESET a program reads data only if the other side sent any."""
    silent = told(ASKED + "+1 < R. 1:1(0) ack 101 win 509")
    assert silent.application_saw["client"] == "ECONNRESET, then EPIPE"


def test_the_icmp_error_follows_the_segment_that_it_rejects() -> None:
    """Of a SYN that is sent again, the one before the error was rejected."""
    error = "icmp unreachable host from 203.0.113.1 [> S 0:0(0)]"
    rejected = told(f"0 > S 0:0(0)\n+0.01 {error}\n+1 > S 0:0(0)")
    assert [one.frame for one in rejected.evidence] == [1, 2]


def test_whose_segment_an_icmp_error_quotes_is_told_of_it() -> None:
    """A rejected SYN-ACK is the server's trouble; the client hears nothing."""
    error = "icmp unreachable host from 203.0.113.1 [< S. 0:0(0) ack 1]"
    rejected = told(f"0 > S 0:0(0)\n+.01 < S. 0:0(0) ack 1\n+.01 {error}")
    assert rejected.first.slug == "icmp-rejected"
    assert rejected.application_saw["client"] == "nothing"


def test_the_challenge_ack_is_a_segment() -> None:
    """All three segments of a stale connection's end are shown as such."""
    trace = parse_trace(ASKED)
    trace += parse_trace("+10 > S 0:0(0) win 64240", client_isn=CLIENT_ISN + 5000)
    trace += parse_trace("+10.01 < . 1:1(0) ack 101 win 509\n+0 > R 101:101(0)")
    (old, _) = judged(written(trace)).diagnoses()
    assert old.first.slug == "stale-connection-reused"
    assert [one.frame for one in old.evidence] == [6, 7, 8]
    assert all(one.seen is not None for one in old.evidence)


def test_the_challenge_of_a_connection_before_the_capture_is_a_segment() -> None:
    """Also where only the new SYN is here, what answers it is shown."""
    challenged = "0 > S 0:0(0)\n+.01 < . 500:500(0) ack 77\n+0 > R 77:77(0)\n"
    found = told(challenged)
    assert found.first.slug == "stale-connection-reused"
    assert [one.frame for one in found.evidence if one.seen][1] == 2


def test_who_has_closed_in_an_open_connection() -> None:
    """A capture that ends behind an unanswered FIN says who sent it."""
    assert "the server had closed" in told(ASKED + "+1 < F. 1:1(0) ack 101").summary


def test_what_crossed_the_fin_and_what_came_behind_it_are_told_apart() -> None:
    """Whoever had acknowledged the FIN knew, and sent data all the same."""
    closed = ASKED + "+1 < F. 1:1(0) ack 101 win 509\n"
    crossed = told(closed + "+.001 > P. 101:201(100) ack 1\n+.01 < R 1:1(0)")
    closed += "+.01 > . 101:101(0) ack 2\n"
    knew = told(closed + "+1 > P. 101:201(100) ack 2\n+.01 < R 2:2(0)")
    assert "was on its way" in crossed.summary
    assert "sent data all the same" in knew.summary


def test_a_firewall_tells_one_side_in_the_name_of_the_other() -> None:
    """Whose segment was rejected is reset, and the other side hears nothing."""
    answer = "+1 < P. 1:101(100) ack 101\n+.0001 > R 101:101(0) win 0 {ttl 55, id 0}"
    rejected = told(ASKED + answer)
    assert rejected.first.slug == "firewall-reset"
    assert "the server's segment with a reset in the client's name" in rejected.summary
    assert rejected.application_saw["server"] == "ECONNRESET"
    assert rejected.application_saw["client"].startswith("nothing")


def test_what_came_behind_a_half_close_may_be_missing() -> None:
    """Its number of octets is told only of data that is in the capture."""
    closed = OPEN + "+.1 > F. 1:1(0) ack 1\n+.01 < . 1:1(0) ack 2\n"
    late = "+3 < F. 301:301(0) ack 2\n+.01 > . 2:2(0) ack 302"
    assert "the server went on, and then closed" in told(closed + late).summary


def test_whose_syn_is_ignored_never_connects() -> None:
    """Only a client that had a SYN-ACK believes that it is connected."""
    syns = parse_trace("0 > S 0:0(0)\n+1 > S 0:0(0)\n+2 > S 0:0(0)")
    served = parse_trace(OPEN.replace("+0 ", "1.5 ", 1), Address("192.0.2.9", 5))
    traced = sorted([*syns, *served], key=lambda one: one.time)
    ignored = judged(written(traced)).diagnosis(0)
    repeated = OPEN + "+1 < S. 0:0(0) ack 1 {id 0}\n+0 > . 1:1(0) ack 1\n"
    answered = told(repeated + "+2 < S. 0:0(0) ack 1 {id 0}\n+0 > . 1:1(0) ack 1\n")
    assert [one.first.slug for one in (ignored, answered)] == [
        "accept-queue-overflow"
    ] * 2
    assert ignored.application_saw["client"] == "connect: ETIMEDOUT"
    assert answered.application_saw["client"].startswith("connect returned 0; then")
