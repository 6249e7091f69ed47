"""From a trace in packetdrill's notation to its connections and their facts."""

from collections.abc import Iterable

from lastack.connections.connection import Connection
from lastack.connections.facts import Facts
from lastack.connections.gather import gather
from lastack.diagnosis.explained import Explained
from lastack.tcp.notation import (
    CLIENT,
    CLIENT_ISN,
    SERVER,
    SERVER_ISN,
    Traced,
    parse_trace,
)
from lastack.tcp.segment import Address, Segment
from lastack.wire.encode import encode_ethernet
from lastack.wire.pcap_writer import pcap_header, pcap_record
from tests.endings.pages import BEGINNING
from tests.judged import judged

NONE, CLIENT_SIDE, SERVER_SIDE = 0, 1, 2
"""The sides of facts; where these are compiled, their own names are not to be had."""

HANDSHAKE = """
0 > S 0:0(0) win 64240 <mss 1460>
+0.01 < S. 0:0(0) ack 1 win 65160 <mss 1460>
+0.01 > . 1:1(0) ack 1 win 502
"""


def segments(trace: str) -> list[Segment]:
    """Return the segments of a trace that holds nothing else."""
    found = []
    for one in parse_trace(trace):
        assert isinstance(one, Segment)
        found.append(one)
    return found


def written(traced: Iterable[Traced], beginning: int = BEGINNING) -> bytes:
    """Return a pcap file of Ethernet frames, in the order given."""
    return pcap_header() + b"".join(
        pcap_record(beginning + one.time, encode_ethernet(one)) for one in traced
    )


def explained(
    trace: str,
    client: Address = CLIENT,
    server: Address = SERVER,
    *,
    client_isn: int = CLIENT_ISN,
    server_isn: int = SERVER_ISN,
) -> Explained:
    """Return the capture of one trace, judged."""
    parsed = parse_trace(
        trace, client, server, client_isn=client_isn, server_isn=server_isn
    )
    return judged(written(parsed))


def connection_of(
    trace: str, client: Address = CLIENT, server: Address = SERVER
) -> Connection:
    """Return the only connection of a trace."""
    (connection,) = explained(trace, client, server).connections
    return connection


def facts_of(octets: bytes) -> Facts:
    """Return the facts of the first connection of a capture."""
    capture = judged(octets)
    return gather(capture.connections[0], capture.surroundings)


def answers(facts: Facts) -> dict[str, int]:
    """Return all facts by name, so that a test says which ones differ."""
    return {
        name: int(getattr(facts, name))
        for name in dir(facts)
        if not name.startswith("_") and not callable(getattr(facts, name))
    }
