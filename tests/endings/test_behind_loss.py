"""Endings on paths that lose, hold up, double or refuse what is sent."""

from typing import Final

import pytest

from lastack.connections.decisive import decisive_reset
from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from tests.connections.traced import connection_of
from tests.endings.pages import verdict

ACK_FLAG: Final = 16
OPENED: Final = """
0     > S 0:0(0) win 64240 <sackOK,TS val 1 ecr 0,nop,wscale 7>
+.01  < S. 0:0(0) ack 1 win 65160 <sackOK,TS val 9 ecr 1,nop,wscale 7> {id 0}
+0    > . 1:1(0) ack 1 win 502 <nop,nop,TS val 2 ecr 9> {id 30}
+0    > P. 1:101(100) ack 1 win 502 <nop,nop,TS val 2 ecr 9> {id 31}
+.01  < P. 1:51(50) ack 101 win 509 <nop,nop,TS val 10 ecr 2> {id 70}
+0    > . 101:101(0) ack 51 win 502 <nop,nop,TS val 22 ecr 10> {id 32}
"""
ABORT_BEHIND_LOST: Final = (
    OPENED
    + """
+.8   > R. 4101:4101(0) ack 51 win 502 <nop,nop,TS val 900 ecr 10> {id 37}
"""
)
CHALLENGE: Final = """
+0    < . 51:51(0) ack 101 win 509 <nop,nop,TS val 910 ecr 22> {id 71}
"""
REFUSED: Final = "+.00002 > R 101:101(0) win 0 {id 0}"
REPEATED: Final = (
    OPENED
    + """
+.01  > P. 101:1549(1448) ack 51 win 502 <nop,nop,TS val 30 ecr 10> {id 33}
"""
)


def odds(judgement: Judgement) -> dict[tuple[str, str], float]:
    """Return the probability of each ending and side."""
    return {(one.slug, one.by): one.probability for one in judgement.ranked}


def repeats(count: int) -> str:
    """Return how the client sends its data again, each time after twice the wait."""
    return "".join(
        f"+{0.2 * 2**number:.1f} > P. 101:1549(1448) ack 51 win 502"
        f" <nop,nop,TS val {100 * 2**number} ecr 10> {{id {34 + number}}}\n"
        for number in range(count)
    )


def reset_after(count: int) -> str:
    """Return the abort of a client that has sent its data again `count` times."""
    return (
        f"+.1 > R. 1549:1549(0) ack 51 win 502"
        f" <nop,nop,TS val 99999 ecr 10> {{id {34 + count}}}"
    )


def test_an_abort_behind_lost_data_is_confirmed_by_the_refusal() -> None:
    """Its number is not taken, but asked about: the host then has no socket."""
    found = odds(verdict((ABORT_BEHIND_LOST + CHALLENGE + REFUSED,)))
    aborts = ("linger-zero", "unread-data-at-close", "socket-destroyed")
    assert sum(found.get((slug, "client"), 0) for slug in aborts) >= CONFIDENT
    assert ("peer-lost-state", "client") not in found


@pytest.mark.parametrize(
    "later",
    [
        CHALLENGE,
        CHALLENGE
        + "+.1 > . 101:101(0) ack 51 win 502 <nop,nop,TS val 990 ecr 910> {id 38}\n"
        + "+.1 < P. 51:61(10) ack 101 win 509 <nop,nop,TS val 1200 ecr 990> {id 72}\n"
        + REFUSED,
    ],
    ids=["no-answer", "goes-on"],
)
def test_one_that_nothing_confirms_ends_nothing(later: str) -> None:
    """Who forges a number in the window is not obeyed (RFC 5961 3.2)."""
    reset = decisive_reset(connection_of(ABORT_BEHIND_LOST + later))
    assert reset is None or reset.segment.flags & ACK_FLAG == 0


def test_a_reset_after_two_repeats_is_the_programs() -> None:
    """No kernel gives up data so soon; but it is listed that one may have."""
    found = odds(verdict((REPEATED + repeats(2) + reset_after(2),)))
    gave_up = found["retransmission-timeout", "client"]
    assert 0 < gave_up < found["linger-zero", "client"]
    assert gave_up < found["unread-data-at-close", "client"]


def test_a_reset_after_many_repeats_is_the_kernels() -> None:
    """BSD and Windows reset what they give up."""
    first = verdict((REPEATED + repeats(8) + reset_after(8),)).first
    assert (first.slug, first.by) == ("retransmission-timeout", "client")


OLD_ACKNOWLEDGEMENT: Final = (
    OPENED
    + """
+.01  < . 50:50(0) ack 101 win 509 <nop,nop,TS val 10 ecr 2> {id NUMBER}
+.6   < R. 51:51(0) ack 101 win 509 <nop,nop,TS val 600 ecr 22> {id 73}
"""
)


def test_an_overtaken_acknowledgement_is_no_probe() -> None:
    """Its IP ID tells that it left before the data that came before it."""
    late = OLD_ACKNOWLEDGEMENT.replace("NUMBER", "69")
    assert ("keepalive-timeout", "server") not in odds(verdict((late,)))
    probe = OLD_ACKNOWLEDGEMENT.replace("NUMBER", "71")
    assert ("keepalive-timeout", "server") in odds(verdict((probe,)))


def test_a_listener_may_have_closed_unseen() -> None:
    """Its reset is lost; the client's FIN meets a host that knows nothing."""
    trace = """
        0     > S 0:0(0) win 64240
        +.1   < S. 0:0(0) ack 1 win 65160 {id 0}
        +0    > . 1:1(0) ack 1 win 502
        +0    > P. 1:6(5) ack 1 win 502
        +.1   < . 1:1(0) ack 6 win 509 {id 7}
        +.9   > F. 6:6(0) ack 1 win 502
        +.1   < R 1:1(0) win 0 {id 0}
        """
    assert ("listener-closed", "server") in odds(verdict((trace,)))


ANSWERED: Final = """
0     > S 0:0(0) win 64240
+.01  < S. 0:0(0) ack 1 win 65160 {id 0}
+0    > R 1:1(0) win 0 {id 0}
"""
AGAIN: Final = """
+1    > S 0:0(0) win 64240
+.01  < S. 0:0(0) ack 1 win 65160 {id 0}
+0    > R 1:1(0) win 0 {id 0}
"""


def test_whose_syn_goes_on_has_not_refused_the_answer() -> None:
    """A firewall before the client did: its socket would have taken the SYN-ACK."""
    found = verdict((ANSWERED + AGAIN,))
    assert (found.first.slug, found.first.by) == ("firewall-reset", "path")
    assert found.first.probability < CONFIDENT
    assert ("handshake-abandoned", "client") in odds(found)
    alone = verdict((ANSWERED,)).first
    assert (alone.slug, alone.by) == ("handshake-abandoned", "client")


def test_a_rejected_syn_ack_ends_the_handshake() -> None:
    """An ICMP error for each SYN-ACK tells why nobody acknowledges them."""
    trace = """
        0     > S 0:0(0) win 64240
        +.01  < S. 0:0(0) ack 1 win 65160 {id 0}
        +0    icmp unreachable prohibited from 203.0.113.1 [< S. 0:0(0) ack 1 win 65160]
        +1    < S. 0:0(0) ack 1 win 65160 {id 0}
        +0    icmp unreachable prohibited from 203.0.113.1 [< S. 0:0(0) ack 1 win 65160]
        +2    < S. 0:0(0) ack 1 win 65160 {id 0}
        +0    icmp unreachable prohibited from 203.0.113.1 [< S. 0:0(0) ack 1 win 65160]
        """
    found = verdict((trace,))
    assert (found.first.slug, found.first.by) == ("icmp-rejected", "path")
    assert found.first.probability < CONFIDENT
    assert ("handshake-incomplete", "client") in odds(found)


def test_a_lost_reset_may_have_been_of_any_kind() -> None:
    """The aborts are listed where a host refuses what it had acknowledged before."""
    trace = """
        0     > S 0:0(0) win 64240
        +.1   < S. 0:0(0) ack 1 win 65160 {id 0}
        +0    > . 1:1(0) ack 1 win 502
        +0    > P. 1:101(100) ack 1 win 502
        +.1   < P. 1:51(50) ack 101 win 509 {id 7}
        +0    > . 101:101(0) ack 51 win 502
        +.9   > F. 101:101(0) ack 51 win 502
        +.1   < R 51:51(0) win 0 {id 0}
        """
    listed = {slug for slug, by in odds(verdict((trace,))) if by == "server"}
    assert {"linger-zero", "unread-data-at-close", "socket-destroyed"} <= listed


NOBODY_HEARS: Final = """
0     > S 0:0(0) win 64240
+.1   < S. 0:0(0) ack 1 win 65160 {id 0}
+0    > . 1:1(0) ack 1 win 502
+.1   > P. 1:2(1) ack 1 win 502
+.2   < P. 1:2(1) ack 2 win 509 {id 7}
+0    > . 2:2(0) ack 2 win 502
+0    > P. 2:102(100) ack 2 win 502
+.6   < P. 1:2(1) ack 2 win 509 {id 8}
+0    > . 102:102(0) ack 2 win 502
+.3   > P. 2:102(100) ack 2 win 502
+.3   < P. 1:2(1) ack 2 win 509 {id 9}
+0    > . 102:102(0) ack 2 win 502
+.9   > P. 2:102(100) ack 2 win 502
+.4   < P. 1:2(1) ack 2 win 509 {id 10}
+0    > . 102:102(0) ack 2 win 502
+2.1  > P. 2:102(100) ack 2 win 502
+.3   < P. 1:2(1) ack 2 win 509 {id 11}
+0    > . 102:102(0) ack 2 win 502
"""


def test_data_sent_four_times_is_not_heard_though_its_peer_speaks() -> None:
    """Of one octet each repeat looks like a keepalive probe, and proves no life."""
    found = odds(verdict((NOBODY_HEARS,)))
    assert found["retransmission-timeout", "client"] > found["still-open", "none"]


ONE_WAY_PROBES: Final = """
0     < . 1:1449(1448) ack 31 win 509 {{id 7}}
+{first}  < . 1448:1448(0) ack 31 win 509 {{id 8}}
+{second} < . 1448:1448(0) ack 31 win 509 {{id 9}}
+{third}  < . 1448:1448(0) ack 31 win 509 {{id 10}}
+{then}   < R. 1449:1449(0) ack 31 win 509 {{id 11}}
"""


def test_probes_whose_answers_cannot_be_here_prove_no_silence() -> None:
    """A sender asks a closed window alike; its program may abort meanwhile."""
    window = ONE_WAY_PROBES.format(first=".26", second=".44", third=".9", then=".8")
    found = odds(verdict((window,)))
    assert found["linger-zero", "server"] > found["keepalive-timeout", "server"] > 0
    steady = ONE_WAY_PROBES.format(first="5", second="5", third="5", then="5")
    found = odds(verdict((steady,)))
    assert found["keepalive-timeout", "server"] > found["linger-zero", "server"] > 0


BOTH_FINS_LOST: Final = """
0     > S 0:0(0) win 64240
+.01  < S. 0:0(0) ack 1 win 65160 {id 0}
+0    > . 1:1(0) ack 1 win 502
+0    > P. 1:101(100) ack 1 win 502
+0    < . 1:1(0) ack 101 win 509 {id 7}
+.6   > . {seq}:{seq}(0) ack 2 win 502
+5    > . {seq}:{seq}(0) ack 2 win 502
"""


def test_whose_last_octet_is_not_here_may_have_closed() -> None:
    """Its last acknowledgement counts one more: that is as well its own FIN."""
    trace = BOTH_FINS_LOST.replace("{seq}", "102")
    found = odds(verdict((trace,)))
    assert found["fin-unanswered", "client"] < CONFIDENT
    trace = BOTH_FINS_LOST.replace("{seq}", "101")
    found = odds(verdict((trace,)))
    assert found["fin-unanswered", "client"] >= CONFIDENT


def test_a_fin_that_nobody_saw_may_have_been_an_octet() -> None:
    """Then the host that refuses what comes later has not closed, but forgotten."""
    trace = """
        0     > S 0:0(0) win 64240
        +.01  < S. 0:0(0) ack 1 win 65160 {id 0}
        +0    > . 1:1(0) ack 1 win 502
        +0    > P. 1:101(100) ack 1 win 502
        +.01  < . 1:1(0) ack 101 win 509 {id 7}
        +0    > . 101:101(0) ack 2 win 502
        +.4   > P. 101:201(100) ack 2 win 502
        +.01  < R 2:2(0) win 0 {id 0}
        """
    found = odds(verdict((trace,)))
    assert found["data-after-close", "server"] > found["peer-lost-state", "server"] > 0


def test_an_abort_behind_octets_that_are_not_here_bears_its_own_number() -> None:
    """Its sender's last acknowledgement has the same: it sent them, and no FIN."""
    trace = """
        0     > S 0:0(0) win 64240
        +.01  < S. 0:0(0) ack 1 win 65160 {id 0}
        +0    > . 1:1(0) ack 1 win 502 {id 30}
        +0    < . 1:1(0) ack 2 win 509 {id 7}
        +0    < P. 1:2(1) ack 2 win 509 {id 8}
        +.01  > . 2:2(0) ack 2 win 502 {id 32}
        +.1   > . 302:302(0) ack 302 win 502 {id 34}
        +.4   > R. 302:302(0) ack 302 win 502 {id 35}
        """
    found = odds(verdict((trace,)))
    assert found["linger-zero", "client"] > found["unknown", "unknown"]
    assert found["linger-zero", "client"] < CONFIDENT
