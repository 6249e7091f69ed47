"""Who waits in vain at the end of a capture, for what, and whether it gave up."""

import pytest

from lastack.connections.facts import Facts
from lastack.tcp.notation import parse_trace
from lastack.tcp.segment import Address
from tests.connections.traced import (
    CLIENT_SIDE,
    HANDSHAKE,
    NONE,
    SERVER_SIDE,
    connection_of,
    facts_of,
    written,
)

WAITING = ("syn", "syn_ack", "data", "fin", "probe")


def facts(trace: str, *, until: float = 0) -> Facts:
    """Return the facts of a trace in a capture that goes on to `until` seconds."""
    traced = parse_trace(trace)
    if until:
        traced += parse_trace(f"{until} > S 0:0(0)", Address("192.0.2.99", 9))
    return facts_of(written(traced))


@pytest.mark.parametrize(
    ("trace", "who", "what"),
    [
        ("0 > S 0:0(0)\n+1 > S 0:0(0)", CLIENT_SIDE, "syn"),
        ("0 > S 0:0(0)\n+0.01 < S. 0:0(0) ack 1", SERVER_SIDE, "syn_ack"),
        (HANDSHAKE + "+1 > P. 1:101(100) ack 1", CLIENT_SIDE, "data"),
        (HANDSHAKE + "+1 < P. 1:101(100) ack 1", SERVER_SIDE, "data"),
        (HANDSHAKE + "+1 > F. 1:1(0) ack 1", CLIENT_SIDE, "fin"),
        (HANDSHAKE + "+1 > P. 1:9(8) ack 1\n+0 > F. 9:9(0) ack 1", CLIENT_SIDE, "data"),
        (HANDSHAKE + "+9 > . 0:0(0) ack 1", CLIENT_SIDE, "probe"),
    ],
)
def test_what_is_waited_for(trace: str, who: int, what: str) -> None:
    """The side that spoke last and was not answered waits for that answer."""
    found = facts(trace)
    assert found.waiting == who
    assert [one for one in WAITING if getattr(found, f"waiting_{one}")] == [what]


def test_nobody_waits_for_an_answer_to_an_ack() -> None:
    """An acknowledgement at the end asks for nothing."""
    found = facts(HANDSHAKE + "+1 > P. 1:9(8) ack 1\n+0.01 < . 1:1(0) ack 9")
    assert found.waiting == NONE


@pytest.mark.parametrize(("tries", "once", "often"), [(1, 0, 0), (3, 1, 0), (4, 1, 1)])
def test_how_often_it_was_sent(tries: int, once: int, often: int) -> None:
    """More than once is repeated, more than three times is often."""
    found = facts(HANDSHAKE + "+1 > P. 1:101(100) ack 1\n" * tries)
    assert (found.repeated_once, found.repeated_often) == (once, often)


@pytest.mark.parametrize(("tries", "repeated"), [(2, False), (3, True)])
def test_who_repeats_twice_and_resets_was_not_heard(tries: int, repeated: bool) -> None:
    """One repetition may be the loss of an acknowledgement; two are none's."""
    sent = "+1 > P. 1:101(100) ack 1\n" * tries
    found = facts(HANDSHAKE + sent + "+4 > R. 101:101(0) ack 1")
    assert found.resetter_repeated == repeated


def test_sent_three_times_is_repeated_whatever_the_other_said() -> None:
    """What the other side says without acknowledging it does not make it new."""
    found = facts(
        HANDSHAKE
        + "+0.1 < P. 1:11(10) ack 1\n"
        + "+0.1 > P. 1:101(100) ack 11\n+0.3 > P. 1:101(100) ack 11\n"
        + "+0.1 < P. 1:11(10) ack 1\n+0 > . 101:101(0) ack 11\n"
        + "+0.6 > P. 1:101(100) ack 11"
    )
    assert (found.repeated_once, found.repeated_often) == (1, 0)


@pytest.mark.parametrize(("until", "gave_up"), [(2.6, False), (4.5, True)])
def test_gave_up(until: float, gave_up: bool) -> None:
    """Who is silent as long as all its tries took will not try again."""
    trace = "0 > S 0:0(0)\n+1 > S 0:0(0)\n+1 > S 0:0(0)"
    assert facts(trace, until=until).gave_up == gave_up


def test_one_try_is_no_giving_up() -> None:
    """After a single try nobody can know how long it would wait; but for a SYN."""
    assert not facts(HANDSHAKE + "+1 > P. 1:11(10) ack 1", until=100).gave_up
    assert not facts("0 > S 0:0(0)", until=1.2).gave_up
    assert facts("0 > S 0:0(0)", until=1.4).gave_up


def test_repeats_though_acknowledged() -> None:
    """Who repeats what the other acknowledged again and again does not hear it."""
    begun = HANDSHAKE + "+1 > P. 1:101(100) ack 1\n"
    again = "+0.3 > P. 1:101(100) ack 1\n"
    deaf = begun + "+0.01 < . 1:1(0) ack 101\n" + again * 4
    assert facts(deaf).repeats_though_acked == CLIENT_SIDE
    assert facts(begun + again * 4).repeats_though_acked == NONE


def test_a_repeat_that_crossed_its_acknowledgement_waits_for_nothing() -> None:
    """All that was sent had been acknowledged, before one segment came again."""
    data = "+1 > P. 1:101(100) ack 1\n+0 > P. 101:201(100) ack 1\n"
    again = "+.02 > P. 101:201(100) ack 1\n"
    crossed = facts(HANDSHAKE + data + "+.01 < . 1:1(0) ack 201\n" + again)
    lost = facts(HANDSHAKE + data + "+.01 < . 1:1(0) ack 101\n" + again)
    assert (crossed.waiting, lost.waiting) == (NONE, CLIENT_SIDE)


def test_zero_window_at_the_end() -> None:
    """The side that stopped to read, and whether the other probed."""
    stalled = HANDSHAKE + "+1 > P. 1:101(100) ack 1\n+0.01 < . 1:1(0) ack 101 win 0\n"
    assert facts(stalled).zero_window == SERVER_SIDE
    assert not facts(stalled).window_probed
    assert facts(stalled + "+0.3 > . 100:100(0) ack 1").window_probed
    assert facts(stalled + "+3 < . 1:1(0) ack 101 win 500").zero_window == NONE


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        ("unreachable host", True),
        ("unreachable prohibited", True),
        ("unreachable frag_needed mtu 1400", False),
        ("time_exceeded transit", False),
    ],
)
def test_icmp(error: str, ends: bool) -> None:
    """Unreachable can end a connection; too big and a TTL of 0 say nothing of it."""
    found = facts(f"0 > S 0:0(0)\n+0.01 icmp {error} from 203.0.113.1 [> S 0:0(0)]")
    assert found.icmp == ends
    assert found.icmp_about == (CLIENT_SIDE if ends else NONE)


def test_a_stream_may_begin_with_an_icmp_error() -> None:
    """The error's frame is the stream's first one, and counts, as in Wireshark."""
    error = "icmp unreachable host from 203.0.113.1 [> S 0:0(0)]"
    found = connection_of(f"0 {error}\n+1 > S 0:0(0)\n+0.01 {error}")
    assert (found.first_frame, found.last_frame, found.frames) == (1, 3, 3)


PROBE = "> . 10:10(0) ack 1"
ANSWER = "+0.01 < . 1:1(0) ack 11"
PROBED = f"""{HANDSHAKE}
+0.1 > P. 1:11(10) ack 1
+0.01 < . 1:1(0) ack 11
+9 {PROBE}
"""


@pytest.mark.parametrize(
    ("more", "wait", "gave_up", "uneven"),
    [
        (f"+1 {PROBE}\n+1 {PROBE}", 1, True, False),
        (f"+60 {PROBE}\n{ANSWER}\n+60 {PROBE}\n+1 {PROBE}", 1, True, False),
        (f"+1 {PROBE}\n+1 {PROBE}", 5, False, True),
        (f"+1 {PROBE}\n+4 {PROBE}", 4, True, True),
        (f"{ANSWER}", 1, False, True),
        (f"{ANSWER}\n+1 {PROBE}\n{ANSWER}\n", 1, True, False),
        (f"{ANSWER}\n+60 {PROBE}\n{ANSWER}\n", 20, True, True),
        ("", 1, True, False),
    ],
    ids=[
        "one-step-later",
        "idle-time-and-interval-differ",
        "much-later",
        "uneven-steps",
        "one-probe-answered",
        "answered-here",
        "answered-and-not-in-time",
        "a-single-probe",
    ],
)
def test_keepalive_gave_up(more: str, wait: int, gave_up: bool, uneven: bool) -> None:
    """Equal steps, no answer, and the reset one step after the last probe."""
    found = facts(f"{PROBED}{more}\n+{wait} > R. 11:11(0) ack 1 win 502")
    assert found.resetter == CLIENT_SIDE
    assert found.keepalive_gave_up == gave_up
    assert found.probes_uneven == uneven


@pytest.mark.parametrize(
    "reset",
    [
        "+.1 > P. 1:11(10) ack 1\n+.01 < . 1:1(0) ack 11\n+1 > R. 11:11(0) ack 1",
        f"{PROBED}+1 {PROBE}\n+.01 < . 1:1(0) ack 11 win 0\n+1 > R. 11:11(0) ack 1",
        f"{PROBED}+1 {PROBE}\n+.5 < P. 1:9(8) ack 11\n+.0001 > R 11:11(0)",
    ],
    ids=["no-probe", "a-closed-window", "an-answer"],
)
def test_what_is_no_keepalive(reset: str) -> None:
    """Without probes, before a closed window, or as an answer it gives up nothing."""
    found = facts(reset if reset.startswith("\n") else HANDSHAKE + reset)
    assert found.resetter == CLIENT_SIDE
    assert not found.keepalive_gave_up
    assert not found.probes_answered
    assert not found.single_probe
    assert not found.probes_uneven


def test_others_were_served() -> None:
    """A SYN that a busy server ignores while it takes another's."""
    alone = "0 > S 0:0(0)\n+1 > S 0:0(0)\n+2 > S 0:0(0)"
    other = parse_trace(HANDSHAKE.replace("0 >", "1.5 >", 1), Address("192.0.2.1", 4))
    together = sorted([*parse_trace(alone), *other], key=lambda one: one.time)
    assert facts_of(written(together)).served_others
    assert not facts(alone).served_others
