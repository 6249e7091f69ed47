"""A capture file gives the same octets however it comes, or says why not."""

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lastack.sources.capture_file import BUFFER_SIZE, CaptureFile
from lastack.wire.pcapng_writer import pcapng_section
from tests.sources.captures import (
    CAPTURE,
    by_gzip,
    everything,
    pieces,
    refusal,
    until_error,
)


@pytest.mark.parametrize("room", [1, 7, 4096, BUFFER_SIZE])
def test_gives_every_octet_of_a_plain_file(room: int, tmp_path: Path) -> None:
    """A file's octets come whole at any buffer size; its size is known."""
    path = tmp_path / "capture"
    octets = CAPTURE if room > 7 else CAPTURE[:5000]
    path.write_bytes(octets)
    assert everything(path, room) == octets
    with CaptureFile(path) as capture:
        assert capture.size == len(octets)
        assert capture.compression == ""
        assert capture.format.name == "pcap"


def test_reads_a_pipe_as_it_comes(tmp_path: Path) -> None:
    """A pipe gives what was written so far; its size is not known."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    first, rest = CAPTURE[:1000], CAPTURE[1000:]
    may_go_on = threading.Event()

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            pipe.write(first[:3])
            pipe.write(first[3:])
            may_go_on.wait(10)
            pipe.write(rest)

    writer = threading.Thread(target=write)
    writer.start()
    with CaptureFile(path) as capture:
        source = pieces(capture)
        read = b""
        while len(read) < len(first):
            read += next(source)
        assert read == first
        assert capture.size is None
        may_go_on.set()
        assert read + b"".join(source) == CAPTURE
    writer.join()


_READ_STANDARD_INPUT = """
import sys
from lastack.sources.capture_file import CaptureFile
from lastack.sources.error import SourceError
try:
    with CaptureFile("-") as capture:
        view = memoryview(bytearray(1000))
        print(capture.name, capture.size, capture.format.name, flush=True)
        while count := capture.readinto(view):
            sys.stdout.buffer.write(view[:count])
except SourceError as error:
    print(error)
"""


def test_a_dash_is_standard_input(tmp_path: Path) -> None:
    """`-` reads standard input, a pipe or a file."""
    command = [sys.executable, "-c", _READ_STANDARD_INPUT]
    path = tmp_path / "capture"
    path.write_bytes(CAPTURE)
    piped = subprocess.run(command, input=CAPTURE, capture_output=True, check=True)
    assert piped.stdout == b"standard input None pcap\n" + CAPTURE
    with path.open("rb") as file:
        filed = subprocess.run(command, stdin=file, capture_output=True, check=True)
    assert filed.stdout == f"standard input {len(CAPTURE)} pcap\n".encode() + CAPTURE


def test_a_terminal_is_no_capture() -> None:
    """Standard input from a terminal is refused, not waited on for ever."""
    ours, theirs = os.openpty()
    refused = subprocess.run(
        [sys.executable, "-c", _READ_STANDARD_INPUT],
        stdin=theirs,
        capture_output=True,
        text=True,
        check=True,
    )
    os.close(ours)
    os.close(theirs)
    assert refused.stdout == (
        "standard input: it is a terminal; name a capture, or pipe one in\n"
    )


@pytest.mark.parametrize(
    ("octets", "complaint"),
    [
        (b"", "it is empty"),
        (
            b"IP 192.0.2.1.80 > 192.0.2.2.1025: Flags [R], seq 1\n" * 20,
            "it is no capture: it looks like text; save packets with: tcpdump -w FILE",
        ),
        ("Verbindung zurückgesetzt".encode(), "it looks like text"),
        (b"a", "it looks like text"),
        ("text".encode("utf-16"), "it looks like text in UTF-16"),
        (bytes(100), "it holds zeros"),
        (b"\xde\xad\xbe\xef\x01", "it begins with de ad be ef"),
        (bz2.compress(CAPTURE), "a bzip2 archive; unpack it first"),
        (lzma.compress(CAPTURE), "an xz archive; unpack it first"),
        (b"snoop\0\0\0\0\0\0\2", "editcap -F pcapng IN OUT"),
        (by_gzip(b""), "inside its gzip, it is empty"),
        (by_gzip(b"plain words"), "inside its gzip, it is no capture"),
        (by_gzip(by_gzip(CAPTURE)), "looks compressed twice"),
        (by_gzip(CAPTURE)[:5], "the gzip data ends early: it was cut"),
        (gzip.compress(CAPTURE)[:10] + b"\xff" * 99, "the gzip data is damaged: "),
    ],
)
def test_says_what_is_no_capture(octets: bytes, complaint: str, tmp_path: Path) -> None:
    """A file that is none is one line: the file, and what it looks like."""
    path = tmp_path / "capture"
    path.write_bytes(octets)
    message = refusal(path)
    assert message.startswith(f"{path}: ")
    assert complaint in message
    assert "\n" not in message


def test_says_why_a_path_cannot_be_opened(tmp_path: Path) -> None:
    """No such file, a directory, a name that cannot be: one line each."""
    assert refusal(tmp_path / "none") == f"{tmp_path / 'none'}: no such file"
    assert refusal(tmp_path) == (
        f"{tmp_path}: it is a directory; name the captures in it"
    )
    assert refusal("a\0b") == "'a\\x00b': no file can have that name"
    assert "not a directory" in refusal("/dev/null/capture").lower()


def test_says_that_permission_is_missing(needs_root: None, tmp_path: Path) -> None:
    """A capture of somebody else's is one line, and not a traceback."""
    path = tmp_path / "capture"
    path.write_bytes(CAPTURE)
    path.chmod(0)
    with as_nobody():
        message = refusal(path)
    assert message == f"{path}: no permission to read it"


@contextmanager
def as_nobody() -> Iterator[None]:
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_escapes_in_a_name_stay_off_the_terminal(tmp_path: Path) -> None:
    """A file name with control characters is shown as text."""
    message = refusal(tmp_path / "\x1b[31mred\nline")
    assert message.isprintable()
    assert "\\x1b[31mred\\nline" in message


def test_a_read_error_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An error of the disk in mid-file is one line; what came before is good."""
    path = tmp_path / "capture"
    path.write_bytes(pcapng_section())

    class Failing(io.FileIO):
        def readinto(self, buffer: object) -> int:
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().readinto(buffer)  # type: ignore[arg-type]

    monkeypatch.setattr("lastack.sources.capture_file.FileIO", Failing)
    assert until_error(path) == (
        pcapng_section(),
        f"{path}: reading failed: Input/output error",
    )
