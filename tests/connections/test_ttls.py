"""A TTL tells who sent a segment only where a host's segments agree in theirs."""

import pytest

from lastack.connections.facts import Facts
from lastack.tcp.notation import CLIENT, parse_trace
from lastack.tcp.segment import Address, Segment
from tests.connections.traced import facts_of, segments, written

TALK = """
0    > S 0:0(0) win 64240 {ttl 64}
+.01 < S. 0:0(0) ack 1 win 65160 {ttl %d}
+.01 > . 1:1(0) ack 1 win 502 {ttl 64}
+.01 > P. 1:11(10) ack 1 win 502 {ttl 64}
+.01 < P. 1:11(10) ack 11 win 502 {ttl %d}
+.01 > . 11:11(0) ack 11 win 502 {ttl 64}
+.01 < . 11:11(0) ack 11 win 502 {ttl %d}
+1   < R. 11:11(0) ack 11 win 502 {ttl 63}
"""
HANDSHAKE = """
0    > S 0:0(0) win 64240 {ttl %d}
+.01 < S. 0:0(0) ack 1 win 65160 {ttl 55}
+.01 > . 1:1(0) ack 1 win 502 {ttl %d}
+.01 < R 1:1(0) win 0 {ttl 63, id 0}
"""


def facts(trace: str, *ttls: int) -> Facts:
    """Return the facts of a trace with these TTLs."""
    return facts_of(written(segments(trace % ttls)))


@pytest.mark.parametrize(
    ("ttls", "differs"),
    [((55, 55, 55), True), ((55, 54, 54), True), ((55, 201, 97), False)],
    ids=["one", "a-new-path", "scrubbed"],
)
def test_three_ttls_of_one_host_are_written_anew(
    ttls: tuple[int, int, int], differs: bool
) -> None:
    """Paths change, and two TTLs are seen; with three the packets were scrubbed."""
    found = facts(TALK, *ttls)
    assert (found.reset_ttl_known, found.reset_ttl_differs) == (differs, differs)


@pytest.mark.parametrize(("syn", "ack", "differs"), [(64, 64, True), (64, 9, False)])
def test_two_segments_with_a_ttl_each(syn: int, ack: int, differs: bool) -> None:
    """Where a client's only two segments differ, nothing tells of the server's."""
    assert facts(HANDSHAKE, syn, ack).reset_ttl_differs == differs


def test_one_scrubbed_connection_among_others_is_known_by_its_own_ttls() -> None:
    """A host whose packets have three TTLs is not judged by them, whoever else is."""
    traced = segments(TALK % (55, 201, 97))
    for port in (1, 2, 3):
        client = Address(CLIENT.host, port)
        for one in parse_trace(HANDSHAKE % (64, 64), client):
            assert isinstance(one, Segment)
            traced.append(one)
    assert not facts_of(written(traced)).reset_ttl_known


def test_the_ttl_of_a_fin_is_one_of_its_hosts() -> None:
    """Of a third TTL, which only the FIN has, the packets were scrubbed as well."""
    closed = "+.1 < F. 11:11(0) ack 11 {ttl %d}\n+.1 < . 12:12(0) ack 11 {ttl 55}\n"
    *talk, reset = (TALK % (55, 201, 55)).strip().splitlines()
    known = [
        facts_of(
            written(segments("\n".join([*talk, closed % ttl + reset])))
        ).reset_ttl_known
        for ttl in (55, 97)
    ]
    assert known == [True, False]
