"""A connection that goes on from another address or port, as behind a NAT."""

from dataclasses import replace
from typing import Final

import pytest

from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from lastack.tcp.notation import CLIENT, SERVER, parse_trace
from lastack.tcp.segment import Address, Segment
from lastack.wire.encode import encode_ethernet
from lastack.wire.pcap_writer import pcap_header, pcap_record
from tests.endings.pages import BEGINNING
from tests.judged import judged

IDLE: Final = """
0     > S 0:0(0) win 64240
+.01  < S. 0:0(0) ack 1 win 65160 {id 0}
+0    > . 1:1(0) ack 1 win 502
+0    > P. 1:101(100) ack 1 win 502
+.01  < P. 1:301(300) ack 101 win 509
+0    > . 101:101(0) ack 301 win 501
"""
OTHER_PORT: Final = Address(CLIENT.host, CLIENT.port + 1)
OTHER_HOST: Final = Address("192.0.2.77", SERVER.port)
NEXT: Final = {
    "data": "P. 101:201(100) ack 301",
    "fin": "F. 101:101(0) ack 301",
    "probe": ". 100:100(0) ack 301",
}


def beside(
    before: str, lone: str, client: Address = OTHER_PORT, server: Address = SERVER
) -> Judgement:
    """Return the judgement on a lone segment that is refused, `before` beside it."""
    refused = f"+600 > {lone} win 501\n+0 < R 301:301(0) win 0 {{id 0}}"
    *open_, sent, reset = parse_trace(f"{before}\n{refused}")
    assert isinstance(sent, Segment)
    assert isinstance(reset, Segment)
    sent = replace(sent, source=client, destination=server)
    reset = replace(reset, source=server, destination=client)
    octets = pcap_header()
    for one in [*open_, sent, reset]:
        octets += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    return judged(octets).judgements[1]


@pytest.mark.parametrize("lone", NEXT.values(), ids=NEXT)
def test_a_nat_gave_it_another_port(lone: str) -> None:
    """What continues the numbers of an open connection never had one of its own."""
    first = beside(IDLE, lone).first
    assert (first.slug, first.by) == ("peer-lost-state", "server")
    assert first.probability > CONFIDENT


def test_one_segment_of_each_side_is_enough_to_go_on_from() -> None:
    """Also where the capture began late, the last numbers are what is continued."""
    late = "0 > P. 1:101(100) ack 1\n+.01 < P. 1:301(300) ack 101"
    first = beside(late, NEXT["data"]).first
    assert (first.slug, first.by) == ("peer-lost-state", "server")


def test_a_load_balancer_led_it_to_another_server() -> None:
    """So it is where the server's address has changed, and the client's has not."""
    first = beside(IDLE, NEXT["data"], CLIENT, OTHER_HOST).first
    assert (first.slug, first.by) == ("peer-lost-state", "server")


@pytest.mark.parametrize(
    "lone", ["P. 102:201(99) ack 301", "P. 101:201(100) ack 302"], ids=["seq", "ack"]
)
def test_other_numbers_continue_nothing(lone: str) -> None:
    """One octet further on, in either direction, it is a stranger: unknown."""
    refused = beside(IDLE, lone)
    assert refused.first.slug == "unknown"
    assert "peer-lost-state" in {one.slug for one in refused.ranked}


def test_a_connection_that_was_closed_is_not_continued() -> None:
    """Behind the other server's FIN its data came too late wherever it went."""
    closed = IDLE + "+1 < F. 301:301(0) ack 101 win 509\n+0 > . 101:101(0) ack 302"
    assert beside(closed, NEXT["data"]).first.slug == "unknown"


def test_a_connection_that_was_reset_before_is_not_continued() -> None:
    """What comes from elsewhere after a reset may be of whoever was reset."""
    ended = IDLE + "+1 < R. 301:301(0) ack 101 win 509"
    assert beside(ended, NEXT["data"]).first.slug == "unknown"


def test_lone_segments_of_one_number_are_few() -> None:
    """A capture made so that all are alike costs no search of all beside all."""
    octets = pcap_header()
    for port in range(40):
        client = Address(CLIENT.host, 20_000 + port)
        lone = f"{port} > P. 1:101(100) ack 1 win 501\n+0 < R 1:1(0) win 0 {{id 0}}"
        for one in parse_trace(lone, client, SERVER):
            assert isinstance(one, Segment)
            octets += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    looked_for = judged(octets).surroundings.elsewhere.lone
    assert [len(alike) for alike in looked_for.values()] == [4]
