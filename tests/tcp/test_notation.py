"""Traces are parsed and printed in packetdrill's notation, and tcpdump's lines."""

import re
import subprocess
import textwrap
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastack.tcp import flags as bits
from lastack.tcp import notation
from lastack.tcp.icmp import IcmpError
from lastack.tcp.notation import (
    CLIENT,
    CLIENT_ISN,
    SERVER,
    SERVER_ISN,
    parse_trace,
    tcpdump_line,
    trace_text,
)
from lastack.tcp.segment import Address, Options, Segment
from lastack.wire.encode import encode_ethernet
from lastack.wire.pcap_writer import pcap_header, pcap_record
from tests.wire.strategies import errors, segments

EXAMPLE = textwrap.dedent(
    "\n".join(
        line for line in (notation.__doc__ or "").splitlines() if line[:4] == "    "
    )
)


def only(text: str) -> Segment:
    """Return the one segment that `text` writes."""
    (segment,) = parse_trace(text)
    assert isinstance(segment, Segment)
    return segment


def test_a_handshake_becomes_absolute() -> None:
    """Numbers count from each side's SYN, times add up, ends are the given ones."""
    syn, syn_ack, ack, *_ = parse_trace(EXAMPLE)
    assert syn == Segment(
        0,
        CLIENT,
        SERVER,
        bits.SYN,
        CLIENT_ISN,
        window=64240,
        options=Options(1460, 7, True, (1, 0)),
        ip_id=1,
    )
    assert syn_ack == Segment(
        10_000_000,
        SERVER,
        CLIENT,
        bits.SYN | bits.ACK,
        SERVER_ISN,
        CLIENT_ISN + 1,
        65160,
        options=Options(1460),
        ip_id=1,
    )
    assert ack == Segment(
        20_000_000,
        CLIENT,
        SERVER,
        bits.ACK,
        CLIENT_ISN + 1,
        SERVER_ISN + 1,
        502,
        ip_id=2,
    )


def test_the_fields_of_ip_stand_in_braces() -> None:
    """ttl, id, df or nodf, and tos; an ID that is written is not counted."""
    data = parse_trace(EXAMPLE)[3]
    assert isinstance(data, Segment)
    assert (data.ttl, data.ip_id, data.dont_fragment, data.tos) == (63, 0, True, 0x10)
    assert data.payload == bytes(100)
    assert not only("0 > S 0:0(0) {nodf}").dont_fragment
    one, two = parse_trace("0 > S 0:0(0) {id 9}\n+1 > S 0:0(0)")
    assert isinstance(one, Segment)
    assert isinstance(two, Segment)
    assert (one.ip_id, two.ip_id) == (9, 1)


def test_an_icmp_error_quotes_a_segment() -> None:
    """It goes to the quoted segment's sender, from where that was going or else."""
    error = parse_trace(EXAMPLE)[4]
    assert isinstance(error, IcmpError)
    assert (error.time, error.reporter) == (320_000_000, "203.0.113.1")
    assert (error.kind, error.code, error.quoted.source) == (3, 1, CLIENT)
    (plain,) = parse_trace("0 icmp unreachable frag_needed mtu 1400 [< . 1:1(0) ack 1]")
    assert isinstance(plain, IcmpError)
    assert (plain.reporter, plain.code, plain.mtu) == (CLIENT.host, 4, 1400)
    line = "0 icmp unreachable host [> S 0:0(0)]"
    (error,) = parse_trace(line, Address("::1", 1), Address("::2", 2))
    assert isinstance(error, IcmpError)
    assert (error.kind, error.code) == (1, 3)


def test_times_are_relative_or_absolute() -> None:
    """With `+` since the line before, otherwise since the start."""
    lines = "0.5 > S 0:0(0)\n+0.25 > S 0:0(0)\n\n3 > S 0:0(0)\n+.000000001 > S 0:0(0)"
    times = [traced.time for traced in parse_trace(lines)]
    assert times == [500_000_000, 750_000_000, 3_000_000_000, 3_000_000_001]


def test_a_side_without_syn_has_absolute_numbers() -> None:
    """A refusing host's reset has the sequence number 0, as on the wire."""
    syn, reset = parse_trace("0 > S 0:0(0)\n+0 < R. 0:0(0) ack 1")
    assert isinstance(syn, Segment)
    assert isinstance(reset, Segment)
    assert (reset.seq, reset.ack) == (0, syn.seq + 1)


def test_without_a_window_it_is_512_and_0_for_a_reset() -> None:
    """What a line leaves out has a default that misleads nobody."""
    assert only("0 > P. 1:2(1) ack 1").window == 512
    assert only("0 > R 1:1(0)").window == 0


def test_all_flags_and_options_are_read() -> None:
    """The letters come in any order, and there is every option."""
    segment = only(
        "0 > F.PUEWeRS 4294967295:4(5) ack 7 win 0x10 "
        "<mss 1,nop,wscale 14,sackOK,TS val 4294967295 ecr 0,eol>"
    )
    assert segment.flags == 0x1FF
    assert segment.options == Options(1, 14, True, (4294967295, 0))
    assert only("0 > - 0:0(0)").flags == 0
    sack = only("0 > . 1:1(0) ack 1 <nop,nop,sack 101:201 301:401>").options.sack
    assert sack == ((101, 201), (301, 401))


@pytest.mark.parametrize(
    ("line", "column", "expected", "found"),
    [
        ("x > S 0:0(0)", 1, "a time", "'x > S 0:0(0)'"),
        ("+ > S 0:0(0)", 1, "a time", "'+ > S 0:0(0)'"),
        ("0.1.2 > S 0:0(0)", 1, "a time", "'0.1.2 > S 0:0(0)'"),
        ("0 S 0:0(0)", 3, "a direction", "'S 0:0(0)'"),
        ("0 > X 0:0(0)", 5, "flags", "'X 0:0(0)'"),
        ("0 > S", 6, "a sequence range", "the end of the line"),
        ("0 > S 0:1(0)", 7, "0:0(0)", "'0:1(0)'"),
        ("0 > S 4294967296:4294967296(0)", 7, "numbers below", "'4294967296:"),
        ("0 > . 1:1(0)", 13, "`ack`", "the end of the line"),
        ("0 > S 0:0(0) win 65536", 18, "a window of at most 65535", "'65536'"),
        ("0 > S 0:0(0) <mss>", 18, "a segment size", "'>'"),
        ("0 > S 0:0(0) <foo 1>", 15, "an option", "'foo 1>'"),
        ("0 > S 0:0(0) <nop nop>", 19, "`,`", "'nop>'"),
        ("0 > S 0:0(0) {ttl 256}", 19, "a number for ttl of at most 255", "'256}'"),
        ("0 > S 0:0(0) {hop 1}", 15, "ttl, id", "'hop 1}'"),
        ("0 > S 0:0(0) and more", 14, "the end of the line", "'and more'"),
        ("0 icmp oops [> S 0:0(0)]", 8, "an ICMP error", "'oops [> S"),
        ("0 icmp unreachable host > S", 25, "`[`", "'> S'"),
        ("0 icmp unreachable host [> S 0:0(0)", 36, "`]`", "the end of the line"),
    ],
)
def test_an_error_says_where_and_what(
    line: str, column: int, expected: str, found: str
) -> None:
    """Line, column, what was expected there and what was found."""
    with pytest.raises(ValueError, match="line 3, column") as error:
        parse_trace(f"0 > S 0:0(0) // fine\n\n{line}\n0 > nonsense")
    assert f"line 3, column {column}: expected {expected}" in str(error.value)
    assert f"found {found}" in str(error.value)


def test_an_error_of_the_other_ip_version_is_refused() -> None:
    """ICMP for IPv4 has no `reject`."""
    with pytest.raises(ValueError, match="line 1: ICMP of IPv4 has no"):
        parse_trace("0 icmp unreachable reject [> S 0:0(0)]")


@given(
    st.text(alphabet="0123456789+.<>[]{}(): SFRPackwinicmpTSvalecr,/xe\n", max_size=80)
)
def test_any_text_parses_or_says_why_not(text: str) -> None:
    """Nothing but ValueError is raised, whatever the text."""
    with suppress(ValueError):
        for traced in parse_trace(text):
            assert traced.time >= 0


BETWEEN = segments(CLIENT, SERVER) | errors(CLIENT, SERVER)


@given(st.lists(BETWEEN, max_size=6))
def test_what_is_printed_parses_to_the_same(trace: list[Segment | IcmpError]) -> None:
    """A printed trace is parsed to the trace, with each side's SYN as its ISN."""
    trace = [as_zeros(traced) for traced in trace]
    isns = {CLIENT: 0, SERVER: 0}
    for traced in reversed(trace):
        segment = traced if isinstance(traced, Segment) else traced.quoted
        if segment.flags & bits.SYN:
            isns[segment.source] = segment.seq
    text = trace_text(trace)
    assert trace == parse_trace(text, client_isn=isns[CLIENT], server_isn=isns[SERVER])
    assert trace_text(trace) == text


def as_zeros(traced: Segment | IcmpError) -> Segment | IcmpError:
    """Return what a trace can say: a quote's time is that of its error."""
    if isinstance(traced, Segment):
        return traced
    return replace(traced, quoted=replace(traced.quoted, time=traced.time))


def test_the_documented_example_prints_as_it_is_written() -> None:
    """Parsing and printing leave the lines of the module's docstring alone."""
    printed = trace_text(parse_trace(EXAMPLE)).splitlines()
    written = [
        re.sub(r" *//.*|(?<=id 0), df", "", line) for line in EXAMPLE.splitlines()
    ]
    assert [line for line in written if line] == printed


def test_a_stranger_is_not_printed() -> None:
    """A segment between other ends is no line of this trace."""
    stranger = only("0 > S 0:0(0)")
    with pytest.raises(ValueError, match="not between the two ends"):
        trace_text([stranger], server=Address("203.0.113.1", 1))


def tcpdump(tool: str, path: Path, *more: str) -> list[str]:
    command = [tool, "-n", "-tt", "--nano", "-r", str(path), *more]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


@settings(max_examples=25)
@given(trace=st.lists(segments(), min_size=1, max_size=30))
def test_lines_are_those_of_tcpdump(
    needs_tool: Callable[[str], str],
    tmp_path_factory: pytest.TempPathFactory,
    trace: list[Segment],
) -> None:
    """With absolute numbers each line is tcpdump's, to the letter."""
    # Debian 12's tcpdump (4.99.3) does not print AE yet.
    trace = [replace(segment, flags=segment.flags & 0xFF) for segment in trace]
    path = tmp_path_factory.mktemp("lines") / "trace.pcap"
    octets = [pcap_header(1)]
    octets += [pcap_record(s.time, encode_ethernet(s)) for s in trace]
    path.write_bytes(b"".join(octets))
    theirs = tcpdump(needs_tool("tcpdump"), path, "-S")
    ours = [
        tcpdump_line(s, time=f"{s.time // 10**9}.{s.time % 10**9:09}") for s in trace
    ]
    assert len(theirs) == len(ours)
    for expected, actual in zip(theirs, ours, strict=True):
        assert plain(expected) == plain(actual)


def plain(line: str) -> str:
    """Return the line without what tcpdump adds or we leave out, knowingly."""
    # tcpdump names known payloads, and prints an urgent pointer and the padding.
    line = re.sub(r"(length \d+).*", r"\1", line)
    return re.sub(r", urg \d+|,eol(?=[],])", "", line)


def test_relative_numbers_are_those_of_tcpdump(
    needs_tool: Callable[[str], str], tmp_path: Path
) -> None:
    """After the handshake numbers count from each side's SYN, SACK edges too."""
    text = (
        "0 > S 0:0(0) win 64240 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>\n"
        "+0.1 < S. 0:0(0) ack 1 win 65160 <mss 1460>\n"
        "+0.1 > . 1:1(0) ack 1 win 502\n"
        "+0.1 > P. 1:101(100) ack 1 win 502\n"
        "+0.1 < . 1:1(0) ack 1 win 509 <nop,nop,sack 51:101 151:201>\n"
        "+0.1 < F. 1:1(0) ack 101 win 509\n"
        "+0.1 > R 101:101(0)\n"
    )
    trace = parse_trace(text, client_isn=4_294_967_290, server_isn=5)
    assert all(isinstance(traced, Segment) for traced in trace)
    path = tmp_path / "trace.pcap"
    octets = [pcap_header(1)]
    ours = []
    for segment in trace:
        assert isinstance(segment, Segment)
        octets.append(pcap_record(segment.time, encode_ethernet(segment)))
        isns = (4_294_967_290, 5)
        origin = isns if segment.source == CLIENT else isns[::-1]
        time = f"{segment.time // 10**9}.{segment.time % 10**9:09}"
        ours.append(tcpdump_line(segment, time=time, origin=origin))
    path.write_bytes(b"".join(octets))
    theirs = tcpdump(needs_tool("tcpdump"), path)
    assert [plain(line) for line in theirs[:-1]] == [plain(line) for line in ours[:-1]]
    # A reset without ACK stays absolute in tcpdump; here it counts like the rest.
    assert re.sub(r"seq \d+", "seq 101", theirs[-1]) == ours[-1]


def test_the_length_on_the_wire_can_be_given() -> None:
    """A segment whose payload was not captured has its length on the wire."""
    line = tcpdump_line(only("0 > P. 1:1(0) ack 1"), length=1448)
    assert line.endswith("Flags [P.], seq 1:1449, ack 1, win 512, length 1448")
