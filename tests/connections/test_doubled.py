"""Whether a capture has each segment twice, as on a router's two interfaces."""

from collections.abc import Sequence

from lastack.connections.facts import Facts
from lastack.connections.gather import gather
from lastack.tcp.notation import CLIENT, SERVER, Traced, parse_trace
from lastack.tcp.segment import Address, Segment
from lastack.wire.encode import encode_ethernet
from lastack.wire.pcap_writer import pcap_header, pcap_record
from tests.connections.traced import HANDSHAKE
from tests.endings.pages import BEGINNING
from tests.judged import judged

SERVED = HANDSHAKE + "+.01 > P. 1:9(8) ack 1\n+.01 < P. 1:9(8) ack 9"
REFUSED = "9 > S 0:0(0) win 64240 <mss 1460>\n+.01 < R. 0:0(0) ack 1 win 0"


def talk(number: int, trace: str) -> Sequence[Traced]:
    """Return the segments of another client with the same server."""
    return parse_trace(trace, Address(CLIENT.host, CLIENT.port + number), SERVER)


def refused_beside(*served: bool) -> Facts:
    """Return the facts of a refusal beside connections that are here twice or once.

    Of a connection that is here twice each segment has a copy, 20 us later.
    """
    records = b""
    for number, twice in enumerate(served, start=1):
        for one in talk(number, SERVED):
            assert isinstance(one, Segment)
            for copy in range(1 + twice):
                time = BEGINNING + one.time + 20_000 * copy
                records += pcap_record(time, encode_ethernet(one))
    for one in talk(0, REFUSED):
        records += pcap_record(BEGINNING + one.time, encode_ethernet(one))
    capture = judged(pcap_header() + records)
    return gather(capture.connections[-1], capture.surroundings)


def test_what_never_passed_a_router_was_made_there() -> None:
    """All else passes twice there: the refusal, seen once, is the router's."""
    assert refused_beside(True, True).reset_made_here


def test_one_doubled_connection_makes_no_router() -> None:
    """A network may double what it carries; a router has all of it twice."""
    assert not refused_beside(True, False).reset_made_here
    assert not refused_beside(True, False, False).reset_made_here
