"""What packets leave undecided, or a capture does not show, is never said as sure."""

from collections.abc import Iterable
from typing import Final

import pytest

from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from lastack.tcp.notation import CLIENT, CLIENT_ISN, SERVER, parse_trace
from lastack.tcp.segment import Address, Segment
from lastack.wire.encode import encode_ethernet
from lastack.wire.pcap_writer import pcap_header, pcap_record
from tests.endings.pages import BEGINNING, verdict
from tests.judged import judged

ARP: Final = bytes(12) + b"\x08\x06" + bytes(28)
CUT_ERROR: Final = encode_ethernet(
    parse_trace("0 icmp unreachable host from 203.0.113.1 [> S 0:0(0)]")[0]
)[:44]
"""An ICMP error that a snap length cuts in the address of what it quotes."""
CLOSED: Final = "connect-timeout"
SYN: Final = "0 > S 0:0(0) win 64240"
ANSWERED: Final = "+.003 < P. 1:301(300) ack 101 win 509\n"
OPEN: Final = """
+0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
+0    > . 1:1(0) ack 1 win 502
"""
ASKED: Final = (
    OPEN
    + """
+0    > P. 1:101(100) ack 1 win 502
+.01  < . 1:1(0) ack 101 win 509
"""
)
STAMPED: Final = """
+0    > S 0:0(0) win 64240 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
+.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS val 9 ecr 1,nop,wscale 7> {id 0}
+0    > . 1:1(0) ack 1 win 502 <nop,nop,TS val 2 ecr 9>
"""
FULL: Final = (
    OPEN
    + """
+0    > P. 1:29201(29200) ack 1 win 502
+.01  < . 1:1(0) ack 29201 win 281 {id 7}
+0    > P. 29201:58401(29200) ack 1 win 502
+.05  < . 1:1(0) ack 58401 win 53 {id 8}
"""
)


def said(trace: str) -> Judgement:
    """Return the judgement on a trace."""
    return verdict((trace,))


def odds(judgement: Judgement) -> dict[str, float]:
    """Return the probability of each ending."""
    return {one.slug: one.probability for one in judgement.ranked}


def on_the_router(trace: str, once: Iterable[int] = ()) -> Judgement:
    """Return the judgement of a capture on all interfaces of a router.

    Each segment is there as it came and as it left, but for those `once`, counted
    from 1, which never left.
    """
    records = b""
    for number, one in enumerate(parse_trace(trace), start=1):
        assert isinstance(one, Segment)
        octets = bytearray(encode_ethernet(one))
        records += pcap_record(BEGINNING + one.time, bytes(octets))
        if number not in once:
            octets[14 + 8] -= 1
            records += pcap_record(BEGINNING + one.time + 20_000, bytes(octets))
    (judgement,) = judged(pcap_header() + records).judgements
    return judgement


@pytest.mark.parametrize(
    "trace",
    [
        ASKED + ANSWERED + "+.0001 < R. 301:301(0) ack 101 win 509",
        ASKED + ANSWERED + "+2 < R. 301:301(0) ack 101 win 509",
        ASKED + "+2 < R. 1:1(0) ack 101 win 509",
        OPEN + "+0 > P. 1:101(100) ack 1 win 502\n+.01 < R. 1:1(0) ack 101 win 509",
        ASKED + "+2 < F. 1:1(0) ack 101 win 509\n+.0001 < R. 2:2(0) ack 101 win 509",
    ],
    ids=["answered", "answered-before", "asked", "never-acknowledged", "behind-a-fin"],
)
def test_unread_data_and_an_abort_leave_the_same_packets(trace: str) -> None:
    """Of two causes with the same octets neither is sure, and both are listed."""
    found = odds(said(trace))
    assert 0.1 < found["unread-data-at-close"] < CONFIDENT
    assert 0.1 < found["linger-zero"] < CONFIDENT


def test_who_answers_and_resets_in_one_go_has_read_a_part() -> None:
    """A reset right behind an answer is rather unread data, one later an abort."""
    answer = ASKED + ANSWERED
    assert (
        said(answer + "+.0001 < R. 301:301(0) ack 101 win 509").first.slug
        == "unread-data-at-close"
    )
    assert (
        said(answer + "+2 < R. 301:301(0) ack 101 win 509").first.slug == "linger-zero"
    )


def test_a_reset_in_the_moment_of_the_handshake_is_a_refusal() -> None:
    """No listener closes in the very moment of one arrival; programs refuse so."""
    assert said(OPEN + "+.0101 < R. 1:1(0) ack 1 win 509").first.slug == "linger-zero"
    assert said(OPEN + "+2 < R. 1:1(0) ack 1 win 509").first.slug == "listener-closed"


def test_a_gap_before_the_reset_may_have_held_the_window_update() -> None:
    """A doubled window proves unread data only if the count of IP IDs has no gap."""
    assert (
        odds(said(FULL + "+1 < R. 1:1(0) ack 58401 win 509 {id 9}"))[
            "unread-data-at-close"
        ]
        > 0.99
    )
    gap = odds(said(FULL + "+1 < R. 1:1(0) ack 58401 win 509 {id 10}"))
    assert gap["unread-data-at-close"] < CONFIDENT
    assert "linger-zero" in gap


OVERTAKEN: Final = (
    STAMPED
    + """
+0    > P. 1:101(100) ack 1 win 502 <nop,nop,TS val 3 ecr 9>
+.01  < . 1:1(0) ack 101 win 509 <nop,nop,TS val 12 ecr 3>
+2    < R. 19:19(0) ack 101 win 509 <nop,nop,TS val 2012 ecr 3>
+0    > . 101:101(0) ack 1 win 502 <nop,nop,TS val 2003 ecr 12>
"""
)


def test_a_reset_that_overtook_the_last_data_is_its_own_sockets() -> None:
    """Nobody else knows data still on its way; the challenge meets a dead socket."""
    late = "+.03 < P. 1:19(18) ack 101 win 509 <nop,nop,TS val 2012 ecr 3>\n"
    judged = said(OVERTAKEN + late + "+.02 < R 1:1(0) win 0\n")
    assert judged.first.slug in {"unread-data-at-close", "linger-zero"}
    found = odds(judged)
    assert found["unread-data-at-close"] > 0.05
    assert found["linger-zero"] > 0.05


def test_a_reset_ahead_of_a_sender_that_goes_on_is_forged() -> None:
    """A live sender takes the challenge for a repeated ACK, and says more."""
    goes_on = """
+.03  < P. 1:19(18) ack 101 win 509 <nop,nop,TS val 2050 ecr 3>
+.03  > . 101:101(0) ack 19 win 502 <nop,nop,TS val 2070 ecr 2050>
+.03  < P. 19:119(100) ack 101 win 509 <nop,nop,TS val 2100 ecr 2070>
"""
    assert said(OVERTAKEN + goes_on).first.slug not in {
        "unread-data-at-close",
        "linger-zero",
    }


def test_a_reset_with_its_timestamps_is_not_surely_forged() -> None:
    """A path of another length changes the TTL; only the socket has timestamps."""
    lone = STAMPED + "+1 < R. 1:1(0) ack 1 win 509 "
    stamped = odds(said(lone + "<nop,nop,TS val 10 ecr 2> {ttl 63}"))
    assert stamped["injected-reset"] < 0.5
    assert said(lone + "{ttl 63}").first.slug == "injected-reset"


def test_a_reset_in_the_form_of_an_answer_may_answer_what_is_missing() -> None:
    """Without the segment that it answers, nobody can say that it is forged."""
    found = odds(said(ASKED + "+9 < R 1:1(0) win 0 {id 0}"))
    assert found["injected-reset"] < CONFIDENT
    assert "peer-lost-state" in found


def test_what_stands_behind_missing_data_answers_that_data() -> None:
    """A refused ACK of the FIN, 100 octets on, is data after close, not a limit."""
    closed = ASKED + "+1 < F. 1:1(0) ack 101 win 509\n"
    refused = " ack 2 win 502\n+0 < R 2:2(0) win 0 {id 0}"
    behind = said(closed + "+.01 > . 201:201(0)" + refused)
    assert behind.first.slug == "data-after-close"
    assert said(closed + "+.01 > . 101:101(0)" + refused).first.slug == "orphan-limit"


def test_a_late_last_fin_may_be_refused_behind_the_captures_end() -> None:
    """Two FINs a minute apart end in order only if the second is acknowledged."""
    late = ASKED + "+1 < F. 1:1(0) ack 101 win 509\n+.01 > . 101:101(0) ack 2 win 502\n"
    late += "+61 > F. 101:101(0) ack 2 win 502\n"
    assert said(late).first.slug == "orderly-close"
    assert said(late).first.probability < CONFIDENT
    assert said(late + "+.01 < . 2:2(0) ack 102 win 509").first.probability > 0.99


def test_fins_in_the_wrong_order_did_not_cross() -> None:
    """Of two FINs the one that acknowledges the other is the second, seen first."""
    trace = ASKED + "+1 < F. 1:1(0) ack 102 win 509\n+0 > F. 101:101(0) ack 1 win 502"
    assert said(trace).first.by == "client"


REFUSED: Final = (
    ASKED
    + """
+1    > P. 101:201(100) ack 1 win 502
+.01  < R 1:1(0) win 0 {id 0}
"""
)


def test_what_never_left_a_router_was_answered_there() -> None:
    """On a router, a segment and its reset that are seen once are the router's."""
    here = on_the_router(REFUSED, once=(6, 7)).first
    assert (here.slug, here.by) == ("firewall-reset", "path")
    assert on_the_router(REFUSED).first.slug == "peer-lost-state"


def test_another_ports_ttl_does_not_prove_a_firewall() -> None:
    """Behind one address ports may be forwarded to other hosts, one hop further."""
    refused = "+1 > S 0:0(0) win 64240\n+.01 < R. 0:0(0) ack 1 win 0 {id 0}"
    served = OPEN.replace("{id 0}", "{ttl 63, id 0}")
    other = Address(SERVER.host, SERVER.port + 1)
    octets = pcap_header()
    for one in [*parse_trace(served, server=other), *parse_trace(refused)]:
        octets += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    found = judged(octets).judgements[1]
    assert found.first.probability < CONFIDENT
    assert {"connection-refused", "firewall-reset"} <= odds(found).keys()


def test_a_socket_with_a_ttl_of_its_own_is_no_proof_of_a_box() -> None:
    """255 and 64 from the same distance are a set TTL and its host's default."""
    bgp = REFUSED.replace("{id 0}", "{ttl 60, id 0}")
    socket = bgp.replace("win 509", "win 509 {ttl 251}").replace(
        "wscale 7> {ttl 60, id 0}", "wscale 7> {ttl 251, id 0}"
    )
    assert said(socket).first.probability < CONFIDENT
    assert "peer-lost-state" in odds(said(socket))


def test_a_syn_that_meets_a_half_open_connection_is_not_refused_by_a_port() -> None:
    """The port has just answered a SYN of the same client: something listens."""
    met = "0 > S 0:0(0) win 64240\n+.01 < S. 0:0(0) ack 1 win 65160 {id 0}"
    second = parse_trace(
        "+.1 > S 0:0(0) win 64240\n+.01 < R. 0:0(0) ack 1 win 0 {id 0}",
        client_isn=CLIENT_ISN + 100,
        server_isn=0,
    )
    octets = pcap_header()
    for one in [*parse_trace(met), *second]:
        octets += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    assert judged(octets).judgements[1].first.slug == "stale-connection-reused"


def test_a_ttl_of_the_hosts_other_segments_convicts_nobody() -> None:
    """A host whose segments come with two TTLs may refuse with either of them."""
    octets = pcap_header()
    refused = "+3 > S 0:0(0) win 64240\n+.01 < R. 0:0(0) ack 1 win 0 {ttl 63, id 0}"
    traces = {1: refused, 2: OPEN.replace("{id 0}", "{ttl 63, id 0}")}
    traces[2] += "+.01 < P. 1:101(100) ack 1 win 509 {ttl 54}"
    for number, trace in sorted(traces.items(), reverse=True):
        for one in parse_trace(trace, Address(CLIENT.host, CLIENT.port + number)):
            octets += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    assert judged(octets).judgements[1].first.slug == "connection-refused"


def test_an_abort_whose_reset_was_lost_is_listed() -> None:
    """A host that knows of no connection may have reset it before, unheard."""
    lost = odds(said(ASKED + "+1 > F. 101:101(0) ack 1 win 502\n+.01 < R 1:1(0)"))
    assert 0 < lost["unread-data-at-close"] < 0.2
    assert 0 < lost["linger-zero"] < 0.2


def test_an_acknowledgement_that_is_refused_came_too_late() -> None:
    """Who repeated itself for long, and fell silent, has given up before it."""
    gave_up = OPEN + "+1 > P. 1:17(16) ack 1 win 502\n"
    for wait in (".21", ".43", ".86", "1.72"):
        gave_up += f"+{wait} > P. 1:17(16) ack 1 win 502\n"
    refused = "< P. 1:17(16) ack 17 win 509\n+.01 > R 17:17(0)"
    assert said(gave_up + "+5 " + refused).first.slug == "retransmission-timeout"
    assert said(gave_up + "+1 " + refused).first.slug != "retransmission-timeout"


def test_a_keepalive_probe_may_be_missing() -> None:
    """A reset one interval after the last probe is keepalive's, with a gap as well."""
    probe = "> . 100:100(0) ack 1 win 502\n+.01 < . 1:1(0) ack 101 win 509\n"
    trace = ASKED + 2 * f"+2 {probe}"
    reset = " > R. 101:101(0) ack 1 win 502"
    assert said(trace + "+1" + reset).first.slug == "keepalive-timeout"
    assert said(trace + "+7" + reset).first.slug != "keepalive-timeout"


def test_a_port_that_has_just_served_may_be_limited() -> None:
    """A SYN refused beside a connection just taken is no proof that nobody listens."""
    refused = "> S 0:0(0) win 64240\n+.005 < R. 0:0(0) ack 1 win 0 {id 0}"
    found = odds(verdict(("+.012 " + refused, OPEN)))
    assert found["connection-refused"] < 0.6
    assert found["firewall-reset"] > 0.3
    later = odds(verdict(("+.5 " + refused, OPEN)))
    assert 0.6 < later["connection-refused"] < CONFIDENT


def test_a_scanners_syn_has_a_ttl_of_its_own() -> None:
    """A SYN written by hand differs from the kernel that refuses its answer."""
    scan = "0 > S 0:0(0) win 1024 <mss 1460> {ttl 58}\n"
    scan += "+.01 < S. 0:0(0) ack 1 win 64240 <mss 1460> {id 0}\n+0 > R 1:1(0) {id 0}"
    assert said(scan).first.slug == "handshake-abandoned"
    assert said(scan).first.probability < CONFIDENT


@pytest.mark.parametrize(("until", "slug"), [("1", "still-open"), ("3", CLOSED)])
def test_a_lone_syn_is_repeated_after_a_second(until: str, slug: str) -> None:
    """Every kernel repeats its SYN; a program that has closed its socket does not."""
    other = f"{until} > S 0:0(0) win 64240\n+.01 < S. 0:0(0) ack 1 win 65160"
    lone = Address(CLIENT.host, CLIENT.port + 1)
    octets = pcap_header()
    elsewhere = Address("192.0.2.77", 99)
    for one in [*parse_trace(SYN, lone), *parse_trace(other, server=elsewhere)]:
        octets += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    assert judged(octets).judgements[0].first.slug == slug


def test_a_ttl_alone_is_no_proof_where_nothing_else_could_differ() -> None:
    """Without IP IDs and timestamps a live socket's reset differs in nothing else."""
    lone = ASKED.replace("win 509", "win 509 {id 0}") + "+1 < R. 1:1(0) ack 101 win 509"
    assert said(lone + " {ttl 63, id 0}").first.slug == "injected-reset"
    assert said(lone + " {ttl 63, id 0}").first.probability < CONFIDENT


SHAKEN: Final = """
0     > S 0:0(0) win 64240
+.01  < S. 0:0(0) ack 1 win 65160 {id 0}
"""


def test_a_reset_that_acknowledges_more_does_not_answer_the_syn() -> None:
    """Behind a filter for SYN, FIN and RST its numbers tell of what is hidden."""
    hidden = SHAKEN + "+1 > S 0:0(0) win 64240\n+.01 < S. 0:0(0) ack 1 win 65160\n"
    hidden += "+1 < R. 8001:8001(0) ack 403 win 509"
    assert {"unread-data-at-close", "linger-zero"} <= odds(said(hidden)).keys()
    assert said(hidden).first.slug != "handshake-incomplete"


def test_a_repeated_fin_may_have_been_acknowledged_by_what_is_hidden() -> None:
    """Behind such a filter a FIN sent again tells of loss, and of no end."""
    fins = SHAKEN + "+5 < F. 2:2(0) ack 3\n" + "+.2 > F. 3:3(0) ack 3\n" * 4
    assert said(fins).first.slug == "orderly-close"
    assert said(fins).first.probability < CONFIDENT


def test_where_no_handshake_shows_its_last_step_it_is_hidden() -> None:
    """A SYN-ACK alone is an open connection if the capture has no plain ACK."""
    assert said(SHAKEN).first.slug == "still-open"
    other = SHAKEN + "+.01 > . 1:1(0) ack 1 win 502"
    assert verdict((SHAKEN, other)).first.slug == "handshake-incomplete"


def test_resets_of_two_makes_are_not_one_forgers() -> None:
    """A socket's abort, and a kernel's answer to what crossed it, are no forgery."""
    both = ASKED + "+1 > R. 101:101(0) ack 1 win 502\n+.0007 < R {0}:{0}(0) win 0"
    assert "injected-reset" not in odds(said(both.replace("{0}", "1")))


def test_both_ends_may_give_up_a_path_that_was_cut() -> None:
    """Where both captures are merged, two resets follow unanswered probes."""
    cut = ASKED + "+1 < . 0:0(0) ack 101 win 509\n+.0001 > . 100:100(0) ack 1 win 502\n"
    cut += "+1 > R. 101:101(0) ack 1 win 502\n+.0001 < R. 1:1(0) ack 101 win 509"
    assert said(cut).first.slug == "keepalive-timeout"


def test_a_syn_that_never_left_a_router_was_refused_there() -> None:
    """On a router, of a host whose other segments are there twice, once tells."""
    octets = pcap_header()
    refused = "2 > S 0:0(0) win 64240\n+.01 < R. 0:0(0) ack 1 win 0 {id 0}"
    for one in parse_trace(ASKED):
        frame = bytearray(encode_ethernet(one))
        octets += pcap_record(BEGINNING + one.time, bytes(frame))
        frame[14 + 8] -= 1
        octets += pcap_record(BEGINNING + one.time + 20_000, bytes(frame))
    for one in parse_trace(refused, Address(CLIENT.host, CLIENT.port + 1)):
        octets += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    assert judged(octets).judgements[1].first.slug == "firewall-reset"


def test_a_capture_of_one_direction_shows_no_answer_to_anybody() -> None:
    """Where nothing ever comes back, a lone SYN may have been answered as well."""
    octets = pcap_header()
    for number, trace in enumerate((SYN, ASKED, "+9 > S 0:0(0) win 64240")):
        client = Address(CLIENT.host, CLIENT.port + number)
        for one in parse_trace(trace, client):
            if isinstance(one, Segment) and one.source == client:
                octets += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    for stream in (0, 2):
        assert judged(octets).judgements[stream].first.probability < 0.5


def test_an_icmp_error_may_not_have_been_captured() -> None:
    """A capture of TCP alone shows no reason why a SYN is not repeated."""
    lone = SYN
    other = Address("192.0.2.77", 99)
    octets = pcap_header()
    later = parse_trace("3 > S 0:0(0)\n+.01 < S. 0:0(0) ack 1", server=other)
    for one in [*parse_trace(lone), *later]:
        octets += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    found = odds(judged(octets).judgements[0])
    assert found["connect-timeout"] < CONFIDENT
    assert found["icmp-rejected"] > 0.1


@pytest.mark.parametrize(
    ("frame", "sure"), [(b"", False), (ARP, True), (CUT_ERROR, False)]
)
def test_an_icmp_error_may_come_late_or_be_cut(frame: bytes, sure: bool) -> None:
    """Some SYNs and silence are sure where an ICMP error would have been seen."""
    syns = parse_trace(SYN + "\n+1 > S 0:0(0) win 64240" * 2)
    frames = [(BEGINNING + one.time, encode_ethernet(one)) for one in syns]
    if frame:
        frames.append((BEGINNING + 9_000_000_000, frame))
    octets = pcap_header() + b"".join(pcap_record(*one) for one in frames)
    found = odds(judged(octets).judgements[0])
    assert (found["connect-timeout"] > CONFIDENT) == sure
    assert sure or found["icmp-rejected"] > 0.1


def test_after_some_time_no_router_looks_for_its_neighbour() -> None:
    """SYNs that go on for longer than a lookup takes met no error at its end."""
    syns = SYN + "\n+1 > S 0:0(0) win 64240" * 4 + "\n+2 > S 0:0(0) win 64240"
    assert said(syns).first.probability > CONFIDENT


def test_data_in_the_place_of_a_fin_disowns_it() -> None:
    """Whose data stands where its FIN stood has not sent that FIN."""
    forged = (
        ASKED + "+1 < F. 1:1(0) ack 101 win 500\n+.01 > . 101:101(0) ack 2 win 502\n"
    )
    forged += "+1 < P. 1:101(100) ack 101 win 509\n+.01 > R 101:101(0) win 0 {id 0}"
    assert said(forged).first.slug == "injected-reset"
    assert said(forged).first.probability < CONFIDENT


def test_a_late_capture_of_a_refusal_lists_data_after_close() -> None:
    """Data and a bare reset alone: the FIN may have come before the capture."""
    late = odds(said("0 > P. 1:101(100) ack 1 win 502\n+.01 < R 1:1(0) win 0 {id 0}"))
    assert late["data-after-close"] > late["peer-lost-state"]


def test_who_is_not_heard_repeats_in_vain_whatever_the_other_says() -> None:
    """Data that is sent five times and never acknowledged was never taken."""
    deaf = OPEN + "+1 < P. 1:2(1) ack 1 win 509\n"
    for wait in (".2", ".4", ".8", "1.6"):
        deaf += f"+{wait} < P. 1:2(1) ack 1 win 509\n+.1 > . 1:1(0) ack 1 win 502\n"
    assert said(deaf).first.slug == "retransmission-timeout"


def test_who_repeats_his_fin_after_his_reset_had_not_closed() -> None:
    """A kernel that answers by a reset has no socket left that goes on."""
    ended = (
        ASKED + "+1 < FP. 1:21(20) ack 101 win 509\n+.1 > P. 101:151(50) ack 1 win 502"
    )
    ended += "\n+.01 < R 1:1(0) win 0 {id 0}\n"
    assert said(ended).first.slug == "data-after-close"
    goes_on = odds(said(ended + "+1 < FP. 1:21(20) ack 101 win 509"))
    assert goes_on["data-after-close"] < CONFIDENT
    assert goes_on["firewall-reset"] > 0.3


@pytest.mark.parametrize(
    ("wait", "slug"), [(".0001", "orphan-limit"), (".012", "data-after-close")]
)
def test_what_a_host_answers_late_it_does_not_answer(wait: str, slug: str) -> None:
    """A reset behind the ACK of a FIN, later than that host answers, is no limit's."""
    closed = ASKED + "+1 > F. 101:101(0) ack 1 win 502\n+.02 < . 1:1(0) ack 102 win 509"
    refused = said(closed + f"\n+{wait} > R 102:102(0) win 0 {{id 0}}")
    assert refused.first.slug == slug
    assert "orphan-limit" in odds(refused)
    assert slug == "orphan-limit" or refused.first.probability < CONFIDENT


def test_where_frames_are_missing_a_limit_is_never_sure() -> None:
    """A capture that lost a frame may have lost the data that was refused, too."""
    closed = (
        ASKED + "+1 > P. 201:301(100) ack 1 win 502\n+.01 < . 1:1(0) ack 301 win 509"
    )
    closed += "\n+1 < F. 1:1(0) ack 301 win 509\n+.02 > . 301:301(0) ack 2 win 502"
    found = odds(said(closed + "\n+.01 < R 2:2(0) win 0 {id 0}"))
    assert found["orphan-limit"] < found["data-after-close"] < CONFIDENT
    assert {"unread-data-at-close", "linger-zero", "fin-wait-2-expired"} <= found.keys()


def test_an_old_ack_behind_a_fin_is_no_probe() -> None:
    """Who has closed sends no keepalive; what was refused is rather its FIN."""
    closed = ASKED + "+1 < F. 1:1(0) ack 101 win 509\n+.01 > . 101:101(0) ack 2 win 502"
    closed += "\n+.01 > F. 101:101(0) ack 2 win 502\n+0 > . 101:101(0) ack 2 win 502"
    found = odds(said(closed + "\n+.01 < R 2:2(0) win 0 {id 0}"))
    assert found["data-after-close"] < found["fin-wait-2-expired"] < CONFIDENT
