"""Verdicts as text: 80 columns, tcpdump's words, nothing that a terminal obeys."""

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from tests.connections.traced import HANDSHAKE, explained, written
from tests.judged import judged
from tests.metamorphic.test_same_verdicts import pcap
from tests.walk import iterate

from lastack.connections.scan import Scan
from lastack.connections.table import ConnectionTable
from lastack.diagnosis.explained import Explained
from lastack.render.clock import clock
from lastack.render.text import Text, segment_line
from lastack.sources.read_capture import read_capture
from lastack.tcp.notation import parse_trace
from lastack.tcp.segment import Address
from lastack.wire.files.pcap import Reader

WIDTH: Final = 80
ESCAPE: Final = re.compile(r"\x1b\[[0-9;]*m")
ABORTED: Final = (
    HANDSHAKE + "+0.1 > P. 1:101(100) ack 1\n+0.01 < R. 1:1(0) ack 101 win 65000"
)
REFUSED: Final = "0 > S 0:0(0)\n+0.01 < R. 0:0(0) ack 1 win 0"
LONGEST6: Final = (
    Address("2001:db8:1111:2222:3333:4444:5555:6666", 65535),
    Address("2001:db8:7777:8888:9999:aaaa:bbbb:cccc", 65534),
)


def text_of(
    one: Explained,
    *,
    colour: bool = False,
    everything: bool = True,
    most: int | None = None,
) -> str:
    """Return what explain prints of a capture."""
    out = io.StringIO()
    Text(out, colour=colour).capture(
        one, lambda *_: True, everything=everything, most=most
    )
    return out.getvalue()


def from_file(path: Path) -> Explained:
    """Return a capture on disk, judged."""
    read = read_capture(str(path))
    return Explained(path.name, read.scan)


@pytest.fixture(scope="module")
def whole_corpus(corpus: Path) -> list[Explained]:
    """Return all captures of the corpus, judged."""
    return [from_file(path) for path in sorted(corpus.glob("*.pcap"))]


def test_80_columns(whole_corpus: list[Explained]) -> None:
    """No line of any capture of the corpus is wider than 80 columns."""
    for one in whole_corpus:
        for line in text_of(one).splitlines():
            assert len(line) <= WIDTH, line


def test_80_columns_with_colour(whole_corpus: list[Explained]) -> None:
    """Colours take no columns, and are all that they add."""
    for one in whole_corpus[::10]:
        coloured = text_of(one, colour=True)
        assert ESCAPE.sub("", coloured) == text_of(one)
        assert coloured != text_of(one)


def test_no_colour(whole_corpus: list[Explained]) -> None:
    """With colour off there is not one escape."""
    assert not any("\x1b" in text_of(one) for one in whole_corpus)


def test_80_columns_with_the_longest_addresses() -> None:
    """The longest IPv6 addresses, ports and sequence numbers fit, too."""
    trace = parse_trace(
        "0 > P. 4000000000:4000000100(100) ack 4100000000\n"
        "+0.01 < R 4100000000:4100000000(0)",
        *LONGEST6,
    )
    lines = text_of(judged(written(trace))).splitlines()
    assert any("6666" in line for line in lines)
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize(
    "name", ["\x1b]0;gone\x07.pcap", "a\nb.pcap", "x" * 300 + ".pcap", "\u202ereversed"]
)
def test_hostile_names(name: str, tmp_path: Path) -> None:
    """A file's name cannot command the terminal, break a line or widen it."""
    path = tmp_path / name[:200]
    path.write_bytes(written(parse_trace(ABORTED)))
    read = read_capture(str(path))
    shown = text_of(Explained(read.name, read.scan))
    assert all(part.isprintable() for part in shown.split("\n"))
    assert max(map(len, shown.splitlines())) <= WIDTH


def test_never_certain(whole_corpus: list[Explained]) -> None:
    """No verdict on the corpus says 100 % or 0 %."""
    for one in whole_corpus:
        assert not re.search(r"\b(100|0) %", text_of(one))


def test_one_connection_is_told() -> None:
    """The sentence, the proof with its frame, both programs, odds, remedy, filter."""
    shown = " ".join(text_of(explained(ABORTED)).split())
    for wanted in (
        "capture: 5 frames in",
        "stream 0 192.0.2.1:40000 > 198.51.100.7:80",
        "Flags [R.], seq 1, ack 101, win 65000, length 0",
        "The client saw: ",
        "The server saw: ",
        "How sure: ",
        "To do: ",
        "Wireshark: frame.number in {",
        "More: lastack ending unread-data-at-close",
    ):
        assert wanted in shown


def test_good_endings_are_counted_not_told() -> None:
    """What ended well is in the table; `--all` tells it."""
    closed = explained(
        HANDSHAKE
        + "+1 > F. 1:1(0) ack 1\n+0.01 < F. 1:1(0) ack 2\n+0.01 > . 2:2(0) ack 2"
    )
    brief = text_of(closed, everything=False)
    assert re.search(r"^ +1  orderly-close +client$", brief, re.MULTILINE)
    assert "stream 0" not in brief
    assert "stream 0" in text_of(closed)


def many(count: int, refused: int = 0) -> Explained:
    """Return so many that were aborted, so many refused between the first of them."""
    segments = []
    for number in range(count):
        segments += parse_trace(ABORTED, Address("192.0.2.1", 41000 + number))
        if number < refused:
            segments += parse_trace(REFUSED, Address("192.0.2.2", 51000 + number))
    return judged(written(segments))


def test_some_in_full_some_in_a_line_and_the_rest_counted() -> None:
    """Of one row: the first in full, ten in a line each, the others as a number."""
    shown = text_of(many(20), everything=False, most=3)
    told = re.findall(r"(?m)^stream (\d+)  (.*)", shown)
    assert [int(stream) for stream, _ in told] == list(range(13))
    assert shown.count("\nMore: lastack ending") == 3
    assert told[3][1].startswith("22:13:20.000  192.0.2.1:41003 > 198.51.100.7:80")
    assert re.search(r"\n-- [A-Z].*\(by: server\), 10 more -+\nstream 3 ", shown)
    assert re.search(r"\nand 7 more: add --ending [a-z-]+\n$", shown)


def test_all_that_there_are_in_a_line_each() -> None:
    """Where no more than ten are left, nothing is counted."""
    shown = text_of(many(5), everything=False, most=3)
    assert re.findall(r"(?m)^stream (\d+)", shown) == ["0", "1", "2", "3", "4"]
    assert "and" not in shown.splitlines()[-1]


def test_in_full_are_connections_of_different_servers() -> None:
    """Of six to one server and one to another, both servers are told in full."""
    segments = []
    for number in range(7):
        server = Address("198.51.100.7", 443 if number == 5 else 80)
        segments += parse_trace(REFUSED, Address("192.0.2.1", 41000 + number), server)
    shown = text_of(judged(written(segments)), everything=False, most=3)
    told = re.findall(r"(?m)^stream (\d+)", shown)
    assert told == ["0", "1", "5", "2", "3", "4", "6"]


def test_rows_are_told_in_the_order_of_the_table() -> None:
    """The most frequent first, the connections of each row together."""
    shown = text_of(many(3, refused=2), everything=False, most=3)
    assert re.findall(r"(?m)^stream (\d+)", shown) == ["0", "2", "4", "1", "3"]


def test_all_are_told_in_their_order() -> None:
    """Without a limit every connection is told in full, in the order of streams."""
    shown = text_of(many(14, refused=2), most=None)
    assert re.findall(r"(?m)^stream (\d+)", shown) == [str(it) for it in range(16)]
    assert shown.count("\nMore: lastack ending") == 16


def test_who_sent_the_icmp_error() -> None:
    """The router that rejected a SYN is named by its address, with its time."""
    trace = "0 > S 0:0(0)\n+0.01 icmp unreachable host from 203.0.113.1 [> S 0:0(0)]"
    shown = text_of(explained(trace))
    assert "      2  +0.010000 203.0.113.1 says: ICMP host unreachable" in shown


def test_an_icmp_error_beside_the_proof_is_named() -> None:
    """A router's word on a connection that ended otherwise is told, and how often."""
    icmp = "icmp time_exceeded transit from 203.0.113.1 [> P. 1:101(100) ack 1]"
    data = "+0.2 > P. 1:101(100) ack 1"
    trace = f"{HANDSHAKE}{data}\n+0.01 {icmp}\n{data}\n+0.01 {icmp}\n{data}\n{data}"
    shown = " ".join(text_of(explained(trace)).split())
    assert (
        "2 ICMP errors, the first in frame 5: 203.0.113.1 says:"
        " time to live exceeded in transit" in shown
    )


def test_when_and_how_much() -> None:
    """A connection's beginning in UTC, its duration and its bytes are told."""
    trace = HANDSHAKE + "+0.1 > P. 1:101(100) ack 1\n+0.01 < R. 1:1(0) ack 101"
    shown = " ".join(text_of(explained(trace)).split())
    assert "UTC, 130 ms; client sent 100 bytes, server 0 bytes" in shown


def test_a_number_stays_with_its_unit() -> None:
    """Where the line is full it is broken before a number, not behind it."""
    data = "+0.418 > P. 1:16029(16028) ack 1\n+0.1 < P. 1:201(200) ack 16029"
    lines = text_of(explained(HANDSHAKE + data)).splitlines()
    assert any(line.endswith("client sent 16028 bytes, server") for line in lines)
    assert "  200 bytes" in lines


def test_one_frame_has_no_duration() -> None:
    """A connection of one frame did not last: the frame is counted instead."""
    assert "UTC, 1 frame; client sent" in text_of(explained("0 > S 0:0(0)"))


@pytest.mark.parametrize(
    ("nanoseconds", "shown"),
    [
        (0, "1970-01-01 00:00:00.000000 UTC"),
        (1_700_000_000_123_456_789, "2023-11-14 22:13:20.123456 UTC"),
        (-1, "1969-12-31 23:59:59.999999 UTC"),
        (2**62, "2116-02-20 23:53:38.427387 UTC"),
        (10**30, "at 1000000000000000000000 s since 1970"),
    ],
)
def test_clock(nanoseconds: int, shown: str) -> None:
    """A time is shown in UTC to the microsecond, whatever a file claims."""
    assert clock(nanoseconds) == shown


FLAGS_ONLY: Final = """
0 > S 0:0(0) win 64240
+0.01 < S. 0:0(0) ack 1 win 65160
+1 > F. 101:101(0) ack 201 win 502
+0.01 < F. 201:201(0) ack 102 win 502
"""


def test_a_filter_that_hides_the_proof_is_noticed() -> None:
    """Where only SYN, FIN and RST were captured, it says that the rest is missing."""
    assert "a capture filter hid" in text_of(explained(FLAGS_ONLY))
    with_ack = FLAGS_ONLY + "+0.01 > . 102:102(0) ack 202 win 502"
    assert "a capture filter hid" not in text_of(explained(with_ack))
    aborted = "0 > S 0:0(0)\n+0.01 < S. 0:0(0) ack 1\n+1 > R. 1:1(0) ack 8 win 63"
    assert "a capture filter hid" in text_of(explained(aborted))
    with_ack = (
        "0 > S 0:0(0)\n+0.01 < S. 0:0(0) ack 1\n+0 > . 1:1(0) ack 1\n+1 > R 9:9(0)"
    )
    assert "a capture filter hid" not in text_of(explained(with_ack))
    abandoned = "0 > S 0:0(0)\n+0.01 < S. 0:0(0) ack 1\n+0 > R 1:1(0)"
    assert "a capture filter hid" not in text_of(explained(abandoned))
    refused = "0 > S 0:0(0)\n+0.01 < R. 0:0(0) ack 1 win 0"
    assert "a capture filter hid" not in text_of(explained(refused))


def test_a_side_only_where_there_is_one() -> None:
    """What nobody did is not said to be done by nobody."""
    assert not re.search(r"by (none|unknown) \(", text_of(explained(FLAGS_ONLY)))


def test_all_ended_well() -> None:
    """Where nothing ended badly it says so, and how to see the connections."""
    trace = (
        HANDSHAKE + "+1 > F. 1:1(0) ack 1\n+0.01 < F. 1:1(0) ack 2\n+0 > . 2:2(0) ack 2"
    )
    shown = text_of(explained(trace), everything=False)
    assert shown.endswith("\nNothing ended badly; --all tells of every connection.\n")


def test_a_client_that_is_a_guess_is_said_to_be() -> None:
    """Without a SYN, and only then."""
    guess = "which side is the client is a guess."
    assert guess not in text_of(explained(ABORTED))
    assert guess in text_of(explained("\n".join(ABORTED.splitlines()[-2:])))


def test_captures_are_parted_by_a_line() -> None:
    """The second begins behind an empty line, and the first does not."""
    out = io.StringIO()
    text = Text(out, colour=False)
    for _ in range(2):
        text.capture(explained(ABORTED), lambda *_: True, everything=True, most=9)
    once = text_of(explained(ABORTED))
    assert out.getvalue() == f"{once}\n{once}"


def test_an_empty_capture() -> None:
    """Without a frame, or without TCP, it says so."""
    scan = Scan(Reader(), ConnectionTable())
    assert "no packet in it" in text_of(Explained("nothing", scan))


NOT_OURS: Final = re.compile(r", options \[[^]]*\]|, urg \d+")
PAYLOAD: Final = re.compile(r"(length \d+).*")
TWO_BASES: Final = "synrecv-in-window-syn"
"""A second SYN with another number: its side counts anew from there on."""
NUMBER: Final = re.compile(r"\b(seq|ack) (\d+)(?::(\d+))?")


def by_tcpdump(program: str, path: Path) -> list[str]:
    """Return tcpdump's lines, without options and what it says of the payload.

    Numbers are as on the wire: tcpdump counts from the SYN only where there is
    an ACK, so a bare reset's are never relative.
    """
    printed = subprocess.run(
        [program, "-nn", "-t", "-S", "-r", path],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [PAYLOAD.sub(r"\1", NOT_OURS.sub("", line)) for line in printed.splitlines()]


def absolute(line: str, seq_base: int, ack_base: int) -> str:
    """Return one of our lines with the numbers that are on the wire."""

    def plus(match: re.Match[str]) -> str:
        base = seq_base if match[1] == "seq" else ack_base
        numbers = [(int(one) + base) % (1 << 32) for one in match.groups()[1:] if one]
        return f"{match[1]} {':'.join(map(str, numbers))}"

    return NUMBER.sub(plus, line)


@pytest.mark.parametrize("vantage", ["c", "s"])
def test_lines_are_those_of_tcpdump(
    vantage: str,
    corpus: Path,
    needs_tool: Callable[[str], str],
    tmp_path: Path,
) -> None:
    """Each exhibit's line has tcpdump's flags, seq, ack, win and length.

    Exhibits of a stale connection are left out: two connections share them.
    """
    frames = [
        one
        for path in sorted(corpus.glob(f"*.{vantage}.pcap"))
        if not path.name.startswith(TWO_BASES)
        for one in iterate(path)
    ]
    path = tmp_path / "all.pcap"
    path.write_bytes(pcap(frames))
    lines = by_tcpdump(needs_tool("tcpdump"), path)
    assert len(lines) == len(frames)
    compared = 0
    for diagnosis in judged(path.read_bytes()).diagnoses():
        if diagnosis.first.slug == "stale-connection-reused":
            continue
        sides = diagnosis.connection.side0, diagnosis.connection.side1
        for exhibit in diagnosis.evidence:
            if exhibit.seen is None:
                continue
            one = sides[exhibit.seen.side]
            other = sides[1 - exhibit.seen.side]
            line = segment_line(diagnosis, exhibit.seen)
            assert absolute(line, one.base, other.base) == lines[exhibit.frame - 1]
            compared += 1
    assert compared > 300
