"""What a host's other connections tell of a refusal: how far away it is."""

from typing import Final

import pytest

from lastack.diagnosis.judge import Judgement
from lastack.diagnosis.score import CONFIDENT
from lastack.tcp.notation import CLIENT, SERVER, parse_trace
from lastack.tcp.segment import Address
from tests.connections.traced import written
from tests.judged import judged

OTHER_CLIENT: Final = Address(CLIENT.host, CLIENT.port + 1)
OPEN: Final = """
0    > S 0:0(0) win 64240 <mss 1460>
+.01 < S. 0:0(0) ack 1 win 65160 <mss 1460> {ttl %d, id 0}
+0   > . 1:1(0) ack 1 win 502
"""
CLOSED_PORT: Final = "1 > S 0:0(0) win 64240\n+.01 < R. 0:0(0) ack 1 win 0 {ttl 55}"
FORGOTTEN: Final = (
    "600 > P. 101:201(100) ack 301 win 501\n+.01 < R 301:301(0) win 0 {ttl 55, id 0}"
)


def beside(trace: str, *ttls: int, server: Address = SERVER) -> Judgement:
    """Return the judgement on a trace; others are served before, with these TTLs."""
    traced = []
    for number, ttl in enumerate(ttls, start=1):
        client = Address(CLIENT.host, CLIENT.port + number)
        traced += parse_trace(OPEN % ttl, client, server)
    return judged(written([*traced, *parse_trace(trace)])).judgements[-1]


def test_a_closed_port_as_far_away_as_an_open_one_is_the_hosts() -> None:
    """Of the distance that another port has, the refusal is its host's own."""
    other_port = Address(SERVER.host, SERVER.port + 1)
    found = beside(CLOSED_PORT, 55, server=other_port).first
    assert found.slug == "connection-refused"
    assert found.probability > CONFIDENT


@pytest.mark.parametrize(
    ("ttls", "first"),
    [((54, 54), "firewall-reset"), ((55, 54, 54), "unknown")],
    ids=["one-path", "two-paths"],
)
def test_a_host_with_two_paths_keeps_both_ttls(
    ttls: tuple[int, ...], first: str
) -> None:
    """That the newer path is used again does not make the older one a stranger's."""
    assert beside(FORGOTTEN, *ttls).first.slug == first


def test_a_listener_that_serves_later_has_not_closed() -> None:
    """A lone reset before any data is rather its program's, if that goes on."""
    aborted = parse_trace(OPEN % 64 + "+2 < R. 1:1(0) ack 1 win 509")
    later = parse_trace(OPEN.replace("0   ", "5   ", 1) % 64, OTHER_CLIENT)
    alone, served = (
        {
            one.slug: one.probability
            for one in judged(written(traced)).judgements[0].ranked
        }
        for traced in (aborted, [*aborted, *later])
    )
    assert alone["listener-closed"] > alone["linger-zero"]
    assert served["listener-closed"] < served["linger-zero"] / 2
