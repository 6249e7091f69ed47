"""zeek_state is what Zeek's rules make of the same segments.

The rules: `conn_state()` in Zeek's scripts/base/protocols/conn/main.zeek, and
the states of its endpoints in src/packet_analysis/protocol/tcp/
TCPSessionAdapter.cc. Where Zeek's own tests have a baseline, it stands here.
"""

from typing import Final, get_args

import pytest

from lastack.diagnosis.zeek import Conn, zeek_state
from lastack.tcp.segment import Address
from tests.connections.traced import connection_of

HANDSHAKE: Final = """
0 > S 0:0(0) win 64240
+0.01 < S. 0:0(0) ack 1 win 65160
+0.01 > . 1:1(0) ack 1
"""
TALK: Final = """
+0.1 > P. 1:101(100) ack 1
+0.01 < P. 1:301(300) ack 101
+0.01 > . 101:101(0) ack 301
"""

SAYS: Final = [
    ("S0", "one SYN", "0 > S 0:0(0)"),
    ("S0", "a SYN again and again", "0 > S 0:0(0)\n+1 > S 0:0(0)\n+2 > S 0:0(0)"),
    (
        "S0",
        "a SYN, and an ACK in answer, which Zeek passes over",
        "0 > S 0:0(0)\n+0.01 < . 5000:5000(0) ack 77",
    ),
    ("S1", "a handshake", HANDSHAKE),
    (
        "S1",
        "SYN and SYN-ACK, and no ACK: Zeek waits for none",
        HANDSHAKE.rpartition("+")[0],
    ),
    ("S1", "a handshake and data", HANDSHAKE + TALK),
    (
        "S1",
        "a simultaneous open: the second SYN establishes",
        (
            "0 > S 0:0(0)\n+0.001 < S 0:0(0)\n+0.01 > S. 0:0(0) ack 1\n"
            "+0.001 < S. 0:0(0) ack 1"
        ),
    ),
    (
        "S1",
        "the SYN-ACK first, from port 80, then an ACK",
        "0 < S. 0:0(0) ack 1\n+0.01 > . 1:1(0) ack 1",
    ),
    (
        "SF",
        "both FINs",
        HANDSHAKE + TALK + "+1 > F. 101:101(0) ack 301\n+0.01 < F. 301:301(0) ack 102\n"
        "+0.01 > . 102:102(0) ack 302",
    ),
    (
        "SF",
        "both FINs, without a handshake",
        "0 > F. 101:101(0) ack 301\n+0.01 < F. 301:301(0) ack 102",
    ),
    (
        "SF",
        "a RST behind both FINs",
        HANDSHAKE + "+1 > F. 1:1(0) ack 1\n+0.01 < F. 1:1(0) ack 2\n+0.01 > R 2:2(0)",
    ),
    (
        "SF",
        "FIN and RST of one side, then the other's FIN",
        HANDSHAKE + "+1 > F. 1:1(0) ack 1\n+0.01 > R 2:2(0)\n+0.01 < F. 1:1(0) ack 2",
    ),
    ("REJ", "a refused SYN", "0 > S 0:0(0)\n+0.01 < R. 0:0(0) ack 1"),
    (
        "REJ",
        "both reset, and neither sent data",
        HANDSHAKE + "+1 > R. 1:1(0) ack 1 win 502\n+0.01 < R 1:1(0)",
    ),
    (
        "S2",
        "the originator's FIN only",
        HANDSHAKE + TALK + "+1 > F. 101:101(0) ack 301\n+0.01 < . 301:301(0) ack 102",
    ),
    (
        "S3",
        "the responder's FIN only",
        HANDSHAKE + TALK + "+1 < F. 301:301(0) ack 101\n+0.01 > . 101:101(0) ack 302",
    ),
    ("RSTO", "the originator's RST", HANDSHAKE + TALK + "+1 > R 101:101(0)"),
    (
        "RSTO",
        "the originator's RST behind its own FIN",
        HANDSHAKE
        + TALK
        + "+1 > F. 101:101(0) ack 301\n+0.1 < P. 301:401(100) ack 102\n"
        "+0.001 > R 102:102(0)",
    ),
    ("RSTR", "the responder's RST", HANDSHAKE + TALK + "+1 < R. 301:301(0) ack 101"),
    (
        "RSTR",
        "both reset after data: the responder's counts",
        HANDSHAKE + TALK + "+1 > R. 101:101(0) ack 301\n+0.1 < R 301:301(0)",
    ),
    (
        "RSTR",
        "the originator closed, the responder reset",
        HANDSHAKE + TALK + "+1 > F. 101:101(0) ack 301\n+0.1 < R 301:301(0)",
    ),
    # Zeek's testing/btest/scripts/base/protocols/conn/conn_state-RST-behavior.
    ("RSTOS0", "SR", "0 > S 0:0(0)\n+0.01 > R 1:1(0)"),
    (
        "RSTOS0",
        "SaR",
        "0 > S 0:0(0)\n+0.01 < . 5000:5000(0) ack 77\n+0.01 > R 77:77(0)",
    ),
    (
        "OTH",
        "SaFR",
        (
            "0 > S 0:0(0)\n+0.01 < . 9000:9000(0) ack 77\n+0.01 > F. 1:1(0) ack 9000\n"
            "+0.01 > R 2:2(0)"
        ),
    ),
    ("OTH", "R", "0 > R 100:100(0)"),
    (
        "OTH",
        "SAR: it acknowledged before its RST",
        "0 > S 0:0(0)\n+0.01 > . 1:1(0) ack 9000\n+0.01 > R 1:1(0)",
    ),
    (
        "RSTRH",
        "a SYN-ACK and a RST from port 80, and nothing of the client",
        "0 < S. 0:0(0) ack 1\n+0.01 < R 1:1(0)",
    ),
    ("SH", "a SYN and a FIN, and no answer", "0 > S 0:0(0)\n+0.01 > F. 1:1(0) ack 1"),
    (
        "SHR",
        "a SYN-ACK and a FIN from port 80, and nothing of the client",
        "0 < S. 0:0(0) ack 1\n+0.01 < F. 1:1(0) ack 1",
    ),
    ("OTH", "data in the middle, both ways", "0 > P. 1:101(100) ack 1\n" + TALK),
    ("OTH", "a SYN, and data in answer", "0 > S 0:0(0)\n+0.01 < P. 50:60(10) ack 9"),
    (
        "RSTRH",
        "the server's data and RST, in the middle: port 80 is the responder",
        "0 < P. 301:401(100) ack 101\n+0.01 < R. 401:401(0) ack 101",
    ),
]


@pytest.mark.parametrize(
    ("state", "trace"),
    [(state, trace) for state, _, trace in SAYS],
    ids=[f"{state}-{what}".replace(" ", "-") for state, what, _ in SAYS],
)
def test_state(state: str, trace: str) -> None:
    """Zeek's rules give this state for these segments."""
    assert zeek_state(connection_of(trace)) == state


def test_every_state_is_there() -> None:
    """Each of Zeek's thirteen states has a trace above."""
    assert {state for state, _, _ in SAYS} == set(get_args(Conn))


def test_unknown_ports_leave_the_first_sender_the_originator() -> None:
    """A SYN-ACK from a port that no protocol of Zeek's has makes an originator."""
    trace = "0 < S. 0:0(0) ack 1\n+0.01 < F. 1:1(0) ack 1"
    odd = connection_of(trace, server=Address("198.51.100.7", 47113))
    assert zeek_state(odd) == "SH"
    assert zeek_state(connection_of(trace)) == "SHR"


def test_two_server_ports_flip_to_the_lower_but_for_a_syn_ack() -> None:
    """Between two known ports, data from the lower is the responder's.

    A SYN-ACK is left alone: it might be a stealth scan.
    """
    ends = {
        "client": Address("192.0.2.1", 8080),
        "server": Address("198.51.100.7", 80),
    }
    data = "0 < P. 1:11(10) ack 1\n+0.01 < F. 11:11(0) ack 1"
    assert zeek_state(connection_of(data, **ends)) == "SHR"
    syn_ack = "0 < S. 0:0(0) ack 1\n+0.01 < F. 1:1(0) ack 1"
    assert zeek_state(connection_of(syn_ack, **ends)) == "SH"
