"""How `lastack` behaves towards the terminal, the pipe and the network."""

import array
import fcntl
import io
import os
import pty
import re
import shlex
import signal
import subprocess
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lastack.cli import commands, main
from lastack.diagnosis.explained import Explained
from lastack.endings import endings
from lastack.render.text import Text
from lastack.sources.read_capture import read_capture
from tests.cli.process import CAPTURES, SHIPPED, command, environment, run, text

ESCAPE = b"\x1b["


def too_wide(printed: str) -> list[str]:
    """Return the lines that 80 columns cannot hold."""
    return [line for line in printed.splitlines() if len(line) > 80]


@pytest.mark.parametrize(
    ("arguments", "more", "coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {}, True),
        (["--color=always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_in_a_pipe(
    arguments: list[str], more: dict[str, str], coloured: bool
) -> None:
    """A pipe gets colour only on request; --color outdoes NO_COLOR and FORCE_COLOR."""
    finished = run("explain", *arguments, SHIPPED[0], more=more)
    assert (ESCAPE in finished.stdout) == coloured


@pytest.mark.parametrize(
    ("more", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colour_on_a_terminal(more: dict[str, str], coloured: bool) -> None:
    """A terminal gets colour, unless NO_COLOR or TERM=dumb speak against it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command("explain", SHIPPED[0]),
        cwd=CAPTURES,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=environment(more),
    ) as process:
        os.close(theirs)
        printed = b""
        try:
            while piece := os.read(ours, 4096):
                printed += piece
        except OSError:
            pass  # the other end is closed
        os.close(ours)
    assert process.returncode == 0
    assert b"data-after-close" in printed
    assert (ESCAPE in printed) == coloured


def test_colour_changes_no_letter() -> None:
    """Without its escapes, coloured output is the plain one."""
    coloured = run("explain", "--color", "always", SHIPPED[0]).stdout
    plain = run("explain", SHIPPED[0]).stdout
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", coloured) == plain


def test_escapes_in_a_file_name_do_not_reach_the_terminal(tmp_path: Path) -> None:
    """A name with an escape sequence and a line end is printed in harmless form."""
    path = tmp_path / "a\x1b[31mb\n.pcap"
    path.write_bytes((CAPTURES / SHIPPED[0]).read_bytes())
    there = run("explain", path)
    absent = run("explain", tmp_path / "\x1b]0;title\x07")
    assert there.returncode == 0
    assert b"\x1b" not in there.stdout + there.stderr + absent.stderr
    assert rb"a\x1b[31mb\n.pcap" in b"".join(there.stdout.split())


def test_no_line_is_wider_than_80_columns(corpus: Path) -> None:
    """On every capture of the corpus, all connections told, 80 columns are enough."""
    wide = []
    for path in sorted(corpus.glob("*.pcap")):
        read = read_capture(str(path))
        out = io.StringIO()
        explained = Explained(path.name, read.scan)
        Text(out, colour=False).capture(
            explained, lambda *_: True, everything=True, most=99
        )
        wide += [(path.name, line) for line in too_wide(out.getvalue())]
    assert wide == []


@pytest.mark.parametrize("name", commands())
def test_help_fits_in_80_columns(name: str) -> None:
    """The help of every command fits in 80 columns."""
    assert too_wide(text(name, "--help")) == []


def test_pages_fit_in_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    """The list of endings and every page fit in 80 columns."""
    for words in [[], *([slug] for slug in endings())]:
        assert main(["ending", *words]) == 0
        assert too_wide(capsys.readouterr().out) == [], words


@pytest.mark.parametrize("option", ["--json", "--jsonl"])
def test_a_reader_that_has_enough_is_no_error(option: str) -> None:
    """`| head -1` ends it in silence, though most of its output is unread."""
    many = [name for _ in range(30) for name in SHIPPED]
    with subprocess.Popen(
        command("explain", option, *many),
        cwd=CAPTURES,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.parametrize("words", [("explain", SHIPPED[0]), ("ending",), ("schema",)])
def test_a_full_disk(words: tuple[str, ...]) -> None:
    """Output that cannot be written is one line on standard error, and 3."""
    with open("/dev/full", "wb") as full:
        finished = subprocess.run(
            command(*words),
            cwd=CAPTURES,
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(),
            timeout=60,
            check=False,
        )
    assert finished.returncode == 3
    assert finished.stderr == b"lastack: writing failed: No space left on device\n"


def in_a_shell(redirections: str) -> subprocess.CompletedProcess[bytes]:
    """Explain a shipped capture with such streams."""
    words = " ".join(map(shlex.quote, command("explain", SHIPPED[0])))
    return subprocess.run(
        ["/bin/sh", "-c", f"{words} {redirections}"],
        cwd=CAPTURES,
        capture_output=True,
        env=environment(),
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("closed", ["2>&-", "<&-", "<&- 2>&-"])
def test_a_closed_stream(closed: str) -> None:
    """Without standard input or error it does its work all the same."""
    finished = in_a_shell(closed)
    assert finished.returncode == 0
    assert b"data-after-close" in finished.stdout
    assert finished.stderr == b""


def test_a_closed_standard_output() -> None:
    """What cannot be written is no success: one line says so, and the code is 3."""
    finished = in_a_shell(">&-")
    assert finished.returncode == 3
    (line,) = finished.stderr.decode().splitlines()
    assert line.startswith("lastack: standard output is closed")


def test_all_streams_closed() -> None:
    """Where not even that can be said, the exit code tells."""
    assert in_a_shell("<&- >&- 2>&-").returncode == 3


def reading(*octets: bytes) -> subprocess.Popen[bytes]:
    """Return `lastack explain -` that has read these octets and waits for more."""
    process = subprocess.Popen(
        command("explain", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdin is not None
    for some in octets:
        process.stdin.write(some)
    process.stdin.flush()
    wait_until_read(process.stdin.fileno())
    return process


def test_interrupted() -> None:
    """^C while it waits for a pipe: what came is explained, and it exits with 130."""
    with reading((CAPTURES / SHIPPED[0]).read_bytes()) as process:
        process.send_signal(signal.SIGINT)
        printed, complained = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"data-after-close" in printed
    assert complained == b""


def test_interrupted_before_the_last_packets() -> None:
    """What the writer of the pipe still holds when ^C reaches both is read, too."""
    octets = (CAPTURES / SHIPPED[0]).read_bytes()
    with reading(octets[:-200]) as process:
        process.send_signal(signal.SIGINT)
        printed, complained = process.communicate(octets[-200:], timeout=60)
    assert b": 9 frames" in printed
    assert complained == b""


def test_interrupted_while_the_writer_goes_on() -> None:
    """A writer that ^C does not stop has a second; then what came is explained."""
    with reading((CAPTURES / SHIPPED[0]).read_bytes()) as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"data-after-close" in process.stdout.read()
        assert len(process.stderr.read().splitlines()) == 1


def test_interrupted_twice() -> None:
    """A second ^C stops at once: nothing is explained, and there is no traceback."""
    with reading((CAPTURES / SHIPPED[0]).read_bytes()) as process:
        process.send_signal(signal.SIGINT)
        assert process.stdin is not None
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
        assert process.returncode == 130
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read() == b""
        assert b"Traceback" not in process.stderr.read()


def wait_until_read(pipe: int) -> None:
    """Wait until the other end of a pipe has taken all that is in it."""
    left = array.array("i", [1])
    deadline = time.monotonic() + 60
    while left[0] and time.monotonic() < deadline:
        time.sleep(0.005)
        fcntl.ioctl(pipe, termios.FIONREAD, left)
    assert left[0] == 0


def test_standard_output_has_data_only(tmp_path: Path) -> None:
    """With --jsonl a partial capture's trouble goes to standard error alone."""
    path = tmp_path / "cut"
    path.write_bytes((CAPTURES / SHIPPED[0]).read_bytes()[:-5])
    finished = run("explain", "--jsonl", path)
    lines = finished.stdout.decode().splitlines()
    assert [line[0] + line[-1] for line in lines] == ["{}"]
    assert b"partial" in finished.stderr


def test_no_name_is_resolved(needs_tool: Callable[[str], str], tmp_path: Path) -> None:
    """Explaining opens no socket at all, so it asks nobody for names."""
    trace = tmp_path / "trace"
    strace = [needs_tool("strace"), "-f", "-qq", "-e", "trace=socket,connect,openat"]
    finished = subprocess.run(
        [*strace, "-o", str(trace), *command("explain", "--all", *SHIPPED)],
        cwd=CAPTURES,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(),
        timeout=60,
        check=True,
    )
    calls = trace.read_text()
    assert b"10.108.1.2:41930" in finished.stdout
    assert "openat(" in calls
    assert re.findall(r"(?:socket|connect)\(.*|.*/etc/hosts.*", calls) == []
