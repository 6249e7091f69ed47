"""Connections are numbered as Wireshark numbers its streams, segment for segment."""

import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import pytest

from lastack.tcp.flags import ACK, FIN, PSH, RST, SYN
from lastack.tcp.icmp import IcmpError
from lastack.tcp.notation import CLIENT, SERVER, Traced, parse_trace
from lastack.tcp.segment import Address, Segment
from lastack.wire.encode import encode_ethernet, encode_ip
from lastack.wire.pcap_writer import pcap_header
from tests.connections.traced import HANDSHAKE
from tests.connections.tshark_streams import our_streams, records, tshark_lines
from tests.judged import judged
from tests.walk import Frame, iterate
from tests.wire.frames import ENCAPSULATIONS, ethernet
from tests.wire.other_frames import pieces4

Tool = Callable[[str], str]
MS: Final = 1_000_000
CLOSE: Final = "+1 > F. 1:1(0) ack 1\n+0.01 < F. 1:1(0) ack 2\n+0.01 > . 2:2(0) ack 2"


def frames(*traces: Iterable[Traced]) -> list[Frame]:
    """Return the traces' frames one behind the other, 10 ms apart."""
    found: list[Frame] = []
    for one in (one for trace in traces for one in trace):
        octets = encode_ethernet(one)
        time = 1_700_000_000_000_000_000 + len(found) * 10 * MS
        found.append(Frame(time, octets, len(octets)))
    return found


def wrapped(trace: Iterable[Traced], wrap: Callable[[bytes], bytes]) -> list[Frame]:
    """Return a trace's frames with another encapsulation."""
    return [
        Frame(one.time, wrap(encode_ip(one)), len(wrap(encode_ip(one))))
        for one in trace
    ]


def begun(isn: int, more: str = "", server_isn: int = 77_000) -> list[Traced]:
    """Return a connection from `CLIENT`'s usual port that begins at `isn`."""
    return parse_trace(HANDSHAKE + more, client_isn=isn, server_isn=server_isn)


def short_quote(error: IcmpError) -> bytes:
    """Return the packet of an ICMP error that quotes 8 octets of TCP, no more."""
    octets = bytearray(encode_ip(error)[: 20 + 8 + 20 + 8])
    octets[2:4] = len(octets).to_bytes(2, "big")
    return bytes(octets)


def fragmented(trace: list[Traced], *, backwards: bool) -> list[Frame]:
    """Return a trace whose longer packets come in pieces of 400 octets."""
    found = []
    for number, one in enumerate(trace):
        packet = encode_ip(one)
        pieces = pieces4(packet, 400, 500 + number) if len(packet) > 420 else []
        if backwards:
            pieces.reverse()
        for octets in pieces or [ethernet(packet)]:
            found.append(Frame(one.time, octets, len(octets)))  # noqa: PERF401
    return found


def quoted(kind: int, code: int, seq: int, flags: int = SYN) -> IcmpError:
    """Return an ICMP error about a segment that the client sent."""
    segment = Segment(0, CLIENT, SERVER, flags, seq, 0, 100)
    return IcmpError(0, "203.0.113.9", kind, code, segment)


DATA: Final = "+0.1 > P. 1:1001(1000) ack 1\n+0.1 < . 1:1(0) ack 1001"
OTHER: Final = Address(CLIENT.host, 40001)
MADE: Final[dict[str, list[Frame]]] = {
    "port reuse": frames(begun(100, CLOSE), begun(5000, CLOSE), begun(9000)),
    "the same ISN after a reset": frames(
        begun(100, "+0.1 > R 1:1(0)"), begun(100, CLOSE), begun(101)
    ),
    "an old SYN again": frames(begun(100), begun(5000), begun(100), begun(5000)),
    "SYN-ACK with another number": frames(
        begun(100), begun(100, server_isn=90_000), begun(100, CLOSE, 91_000)
    ),
    "a SYN of the server's host": frames(
        begun(100),
        parse_trace("0 < S 0:0(0)", server_isn=77_000),
        parse_trace("0 < S 0:0(0)", server_isn=77_001),
    ),
    "the middle, then a SYN that fits, then one that does not": frames(
        parse_trace("0 > P. 101:111(10) ack 501\n+0.1 < . 501:501(0) ack 111"),
        parse_trace("0 > S 0:0(0)", client_isn=100),
        parse_trace("0 > S 0:0(0)", client_isn=101),
    ),
    "an ACK tells where the other side begins": frames(
        parse_trace("0 < . 501:501(0) ack 101"),
        parse_trace("0 > S 0:0(0)", client_isn=100),
        parse_trace("0 > S 0:0(0)", client_isn=102),
    ),
    "two VLANs": [
        *wrapped(begun(100, DATA), ENCAPSULATIONS["vlan"]),
        *frames(begun(100, DATA)),
        *wrapped(begun(200), ENCAPSULATIONS["qinq"]),
    ],
    "tunnels": [
        *wrapped(begun(100), ENCAPSULATIONS["vxlan"]),
        *wrapped(begun(100), ENCAPSULATIONS["gre"]),
        *frames(begun(100, CLOSE)),
    ],
    "fragments": fragmented(begun(100, DATA + "\n" + CLOSE), backwards=False),
    "fragments backwards": fragmented(begun(100, DATA), backwards=True),
    "a quote before its segment": frames(
        [quoted(3, 1, 100)], begun(100), [quoted(3, 1, 300)], begun(300)
    ),
    "a quote moves nothing": frames(
        begun(100), [quoted(11, 0, 101, ACK)], [quoted(3, 3, 100)], begun(100, CLOSE)
    ),
    "a short quote": [
        *frames(begun(100)),
        Frame(0, ethernet(short_quote(quoted(3, 1, 100))), 70),
        *frames(parse_trace(HANDSHAKE, OTHER)),
    ],
    "IPv6 beside IPv4": frames(
        begun(100),
        parse_trace(HANDSHAKE, Address("2001:db8::1", 40000), Address("::7", 80)),
        parse_trace(HANDSHAKE, Address("::192.0.2.1", 40000), Address("::7", 80)),
    ),
    "to itself": frames(
        parse_trace("0 > S 0:0(0)\n+1 > S. 0:0(0) ack 1", CLIENT, CLIENT)
    ),
}


def chance(seed: int, count: int) -> list[Frame]:
    """Return segments and quotes with few numbers, so that they meet often."""
    dice = random.Random(seed)
    numbers = (0, 99, 100, 101, 5000, 2**31, 2**32 - 1)
    controls = (SYN, SYN, SYN | ACK, ACK, ACK | PSH, FIN | ACK, RST, RST | ACK, 0)
    odd = (SYN | RST, SYN | FIN, SYN | FIN | ACK, SYN | RST | ACK)
    found: list[Traced] = []
    for number in range(count):
        port = dice.randrange(40000, 40000 + count // 12)
        source, destination = Address(CLIENT.host, port), SERVER
        if dice.random() < 0.5:
            source, destination = destination, source
        flags = dice.choice(odd) if dice.random() < 0.05 else dice.choice(controls)
        segment = Segment(
            number * MS,
            source,
            destination,
            flags,
            dice.choice(numbers),
            dice.choice(numbers),
            dice.randrange(65536),
            bytes(dice.choice((0, 0, 1, 30))),
        )
        if dice.random() < 0.15:
            kind, code = dice.choice(((3, 1), (3, 4), (11, 0), (12, 0)))
            found.append(IcmpError(segment.time, "203.0.113.9", kind, code, segment))
        else:
            found.append(segment)
    return frames(found)


@pytest.mark.parametrize("vantage", ["c", "m", "s"])
def test_corpus(vantage: str, corpus: Path, needs_tool: Tool, tmp_path: Path) -> None:
    """Each frame of all captures of a vantage, one after the other, has its stream.

    Behind each other, later captures meet the addresses of earlier ones.
    """
    captures = sorted(corpus.glob(f"*.{vantage}.pcap"))
    written = records(one for path in captures for one in iterate(path))
    lines = tshark_lines(needs_tool("tshark"), tmp_path / "all.pcap", written)
    assert our_streams(written) == [line.stream for line in lines]


@pytest.mark.parametrize("name", MADE)
def test_made(name: str, needs_tool: Tool, tmp_path: Path) -> None:
    """Each frame of a capture that was made to be difficult has its stream.

    A quote too short for Wireshark has none there; we give it the connection
    whose addresses it has.
    """
    written = records(MADE[name])
    lines = tshark_lines(needs_tool("tshark"), tmp_path / "made.pcap", written)
    wanted = [line.stream for line in lines]
    if name == "a short quote":
        assert wanted[3] is None
        wanted[3] = 0
    assert our_streams(written) == wanted


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_chance(seed: int, needs_tool: Tool, tmp_path: Path) -> None:
    """Segments with any flags and numbers, and quotes of them, have their streams."""
    written = records(chance(seed, 4000))
    lines = tshark_lines(needs_tool("tshark"), tmp_path / "chance.pcap", written)
    wanted = [line.stream for line in lines]
    assert our_streams(written) == wanted
    assert len({*wanted}) > 800


@pytest.mark.parametrize("vantage", ["c", "m", "s"])
def test_relative_numbers_of_evidence(
    vantage: str, corpus: Path, needs_tool: Tool, tmp_path: Path
) -> None:
    """Each exhibit has Wireshark's relative numbers, and its flags.

    Of a stale connection, exhibits are segments of the next one.
    """
    captures = sorted(corpus.glob(f"*.{vantage}.pcap"))
    written = records(one for path in captures for one in iterate(path))
    lines = tshark_lines(needs_tool("tshark"), tmp_path / "all.pcap", written)
    ours, theirs = {}, {}
    for diagnosis in judged(pcap_header() + b"".join(written)).diagnoses():
        for exhibit in diagnosis.evidence:
            seen, line = exhibit.seen, lines[exhibit.frame - 1]
            if seen is None:
                continue
            acked = seen.flags & ACK != 0
            ack = seen.ack % 2**32 if acked else 0
            ours[exhibit.frame] = (seen.seq % 2**32, ack, seen.flags)
            theirs[exhibit.frame] = (line.seq, line.ack if acked else 0, line.flags)
    assert len(ours) > 300
    assert ours == theirs
