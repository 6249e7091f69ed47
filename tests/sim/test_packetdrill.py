"""packetdrill's language: what is read, what is refused and where, what is shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.cli import main
from lastack.sim.packetdrill.expression import ExpressionError, failed_assertion
from lastack.sim.packetdrill.parser import parse
from lastack.sim.packetdrill.runner import Failure, run
from lastack.sim.packetdrill.script import Call, Clock, Packet, ScriptError, When
from lastack.sim.packetdrill.subject import SimulatedSubject
from lastack.sim.personalities import load

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.pkt"))
CONNECTED = """\
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 32768 <mss 1460>
+0 > S. 0:0(0) ack 1 <mss 1460>
+.1 < . 1:1(0) ack 1 win 32768
+0 accept(3, ..., ...) = 4
"""


def _run(text: str, system: str = "linux") -> Failure | None:
    return run(parse(text), SimulatedSubject(load(system)))


def _refused(text: str) -> ScriptError:
    with pytest.raises(ScriptError) as caught:
        _run(text)
    return caught.value


def _error(text: str) -> ScriptError | None:
    try:
        failure = _run(text)
    except ScriptError as error:
        return error
    assert failure is None or failure.line >= 1
    return None


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_simulated_linux_passes_each_script(path: Path) -> None:
    """The scripts beside this file say what Linux 6.18 does."""
    failure = _run(path.read_text())
    assert failure is None, failure.report(path.name)


def test_there_are_twenty_scripts_or_more() -> None:
    """So that an empty folder does not pass."""
    assert len(SCRIPTS) >= 20


def test_a_script_tells_systems_apart() -> None:
    """Unread data at close() is a RST on Linux and a FIN on FreeBSD."""
    text = f"""{CONNECTED}
+0 < P. 1:3(2) ack 1 win 32768
+0~+.1 > . 1:1(0) ack 3
+0 close(4) = 0
+0 > R. 1:1(0) ack 3
"""
    assert _run(text) is None
    failure = _run(text, "freebsd")
    assert failure is not None
    assert failure.script == "+0 > R. 1:1(0) ack 3"
    assert failure.actual.startswith("> F. 1:1(0) ack 3")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("+0 > F. 1:1(0) ack 1", "other flags"),
        ("+0 > R. 2:2(0) ack 1", "another sequence number"),
        ("+0 > R. 1:1(0) ack 2", "another acknowledgement number"),
        ("+0 > R. 1:1(0) ack 1 win 7", "another window"),
        ("+0 > R. 1:1(0) ack 1 <mss 1460>", "other options"),
        ("+.5 > R. 1:1(0) ack 1", "sent at another time than 0.600000"),
        (
            "+0 > R. 1:1(0) ack 1\n+0 > . 1:1(0) ack 1",
            "nothing was sent until 0.104000",
        ),
        ("+0 read(4, ..., 1) = 0", "read() gave something else"),
    ],
)
def test_each_part_of_a_segment_is_compared(line: str, message: str) -> None:
    """After SO_LINGER {1, 0} the kernel sends R. 1:1(0) ack 1; all else fails."""
    linger = "+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0"
    failure = _run(f"{CONNECTED}{linger}\n+0 close(4) = 0\n{line}\n")
    assert failure is not None
    assert failure.message == message


def test_a_failure_shows_the_script_s_line_over_the_kernel_s() -> None:
    """What was expected and what was sent, in one notation."""
    failure = _run(f"{CONNECTED}+0 close(4) = 0\n+0 > R. 1:1(0) ack 1\n")
    assert failure is not None
    assert failure.report("x.pkt").splitlines() == [
        "x.pkt:9: other flags",
        "  script  +0 > R. 1:1(0) ack 1",
        "  kernel  > F. 1:1(0) ack 1  at 0.100000",
    ]


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("+0 close(4) =", 14, "expected a result, found the end of the line"),
        ("+0 frob(4) = 0", 1, "frob() is not known here"),
        ("+0 > Q. 1:1(0) ack 1", 6, "expected flags like S, P. or -, found 'Q. 1:"),
        ("+0 > . 1:5(3) ack 1", 8, "expected 1:4(3), found '1:5(3) ack 1'"),
        ("+0 < . 1:1(0) ack 1", 20, "expected `win` and a number"),
        ("+0 > . 1:1(0) ack 1 <mss>", 25, "expected a segment size, found '>'"),
        ("x", 1, "expected a time: +0.1, 0.1, +0.1~+0.2 or *, found 'x'"),
        ("+.2~+.1 > . 1:1(0) ack 1", 5, "the range of times ends before it begins"),
        ("+0...1 < . 1:1(0) ack 1 win 1", 8, "expected a call, since only calls"),
        ("+0 %{ assert 1 == 1", 4, "`%{` has no `}%`"),
        ("+0 %{ import os }%", 7, "only assert and print are known here"),
        ("+0 %{ assert secret }%", 14, "secret is not known here"),
        ("+0 `rm -rf /`", 4, "`rm` is not known here; sysctl is"),
        ("+0 `sysctl net.ipv4.tcp_frob=1`", 4, "does not know the setting"),
        ("+0 setsockopt(4, SOL_SOCKET, SO_FROB, [1], 4) = 0", 30, "this option is not"),
        ("+0 < icmp unreachable frob", 23, "expected one of admin_prohibited"),
    ],
)
def test_an_error_points_at_its_line_and_character(
    line: str, column: int, message: str
) -> None:
    """The report has the line, and a caret below the character."""
    error = _refused(f"{CONNECTED}{line}\n")
    assert (error.line, error.column) == (8, column)
    assert message in error.message
    head, source, caret = error.report("x.pkt").splitlines()
    assert head.startswith(f"x.pkt:8:{column}: ")
    assert source == f"  {line}"
    assert caret.index("^") == 2 + column - 1


def test_times_are_read_as_packetdrill_writes_them() -> None:
    """Relative, absolute, a range, any, and a call that takes time."""
    text = """\
0.5 < . 1:1(0) ack 1 win 1
+.25~+.5 > . 1:1(0) ack 1
* > . 1:1(0) ack 1
+0...1.5 close(4) = 0
"""
    assert [event.when for event in parse(text).events] == [
        When(Clock.START, 500_000_000),
        When(Clock.BEFORE, 250_000_000, 500_000_000),
        When(Clock.ANY),
        When(Clock.BEFORE, 0, returns=1_500_000_000),
    ]


def test_comments_and_line_ends_mean_nothing() -> None:
    """A call may go on in the next line; comments are C's, and #."""
    (event,) = parse("// a\n/* b\n c */ +0 close(4\n) # d\n = 0 // e").events
    assert isinstance(event.what, Call)
    assert (event.what.name, event.what.result) == ("close", 0)


def test_a_call_that_blocks_is_looked_at_when_it_returns() -> None:
    """A read that waits for data which comes 0.5 s later."""
    text = "+0...0.5 read(4, ..., 9) = 2\n+.5 < P. 1:3(2) ack 1 win 9\n"
    assert _run(CONNECTED + text) is None
    late = _run(CONNECTED + text.replace("0.5 read", "0.3 read"))
    assert late is not None
    assert late.message == "the call has not returned at 0.404000" or (
        "returned at 0.6" in late.message
    )


def test_a_call_that_blocks_and_may_not_fails() -> None:
    """Without `...` a call returns at once."""
    failure = _run(f"{CONNECTED}+0 read(4, ..., 9) = 2\n")
    assert failure is not None
    assert failure.message.startswith("the call blocks")


def test_an_assertion_that_fails_shows_the_values() -> None:
    """The values of the names it used."""
    failure = _run(f"{CONNECTED}+0 %{{ assert tcpi_state == TCP_CLOSE }}%\n")
    assert failure is not None
    assert failure.actual == "tcpi_state == TCP_CLOSE (tcpi_state is 1)"


@pytest.mark.parametrize(
    "text",
    [
        "assert ().__class__",
        "assert __import__('os')",
        "assert [1 for x in y]",
        "assert tcpi_state.real",
        "assert (lambda: 1)()",
        "assert 9**9**9",
        "assert 1 << 64 << 64",
        "assert " + "(" * 900 + "1" + ")" * 900,
        "x = 1",
        "assert 1 / 0",
        "assert 'a' == 'a'",
        "assert tcpi_state[0]",
        "assert abs(1, 2)",
    ],
)
def test_an_expression_is_never_executed(text: str) -> None:
    """Attributes, calls, subscripts, comprehensions and powers are refused."""
    with pytest.raises(ExpressionError):
        failed_assertion(text, {"tcpi_state": 1})


@given(st.integers(-99, 99), st.integers(-99, 99), st.integers(-99, 99))
def test_arithmetic_is_python_s(a: int, b: int, c: int) -> None:
    """Comparisons, chains, and/or/not, + - * & | give what Python gives."""
    names = {"a": a, "b": b, "c": c}
    for text in (
        "a + b < c * 2",
        "a <= b <= c",
        "not a == b or b & c",
        "min(a, b) == -max(-a, -b)",
        "abs(a - b) | c",
    ):
        expected = bool(eval(text, {}, dict(names)))
        assert (failed_assertion(f"assert {text}", names) is None) == expected


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """A hostile script is a ScriptError and nothing else."""
    error = _error(text)
    assert error is None or (error.line >= 1 and "\n" not in error.source)


@given(
    st.sampled_from([path.read_text() for path in SCRIPTS]),
    st.integers(0, 2000),
    st.integers(0, 9),
    st.sampled_from(["", "(", ")", "~", "}", "...", "9" * 30, "\x1b[31m", "ack", "-"]),
)
def test_a_damaged_script_runs_or_is_refused(
    text: str, at: int, cut: int, put: str
) -> None:
    """Whatever is cut or put in: a pass, a failure or a ScriptError."""
    error = _error(text[:at] + put + text[at + cut :])
    assert error is None or "\x1b" not in error.report("x")


@given(
    st.sampled_from(["<", ">"]),
    st.sampled_from(["S", "S.", ".", "P.", "F.", "FP.", "R", "R."]),
    st.tuples(
        st.integers(0, (1 << 32) - 1),
        st.integers(0, 9999),
        st.integers(0, (1 << 32) - 1),
        st.integers(0, 65535),
    ),
)
def test_a_segment_is_read_back_as_it_was_written(
    direction: str, flags: str, numbers: tuple[int, int, int, int]
) -> None:
    """All of sequence space, and its wrap."""
    seq, length, ack, window = numbers
    end = (seq + length) % (1 << 32)
    text = f"0 {direction} {flags} {seq}:{end}({length}) ack {ack} win {window}"
    (event,) = parse(text).events
    packet = event.what
    assert isinstance(packet, Packet)
    assert packet.inbound == (direction == "<")
    assert (packet.seq, packet.length, packet.ack, packet.window) == numbers


def test_a_file_that_is_no_script_is_refused_in_a_few_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A capture, say: exit code 2, the line and the character, nothing raw."""
    path = tmp_path / "a.pkt"
    path.write_bytes(b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00\x1b[31m\xff\n")
    assert main(["sim", "script", str(path)]) == 2
    error = capsys.readouterr().err
    assert f"{path}:1:1: expected a time" in error
    assert "\x1b" not in error
    assert error.count("\n") == 3
