"""Captures that cannot be read, or not to their end: one clear line, nothing lost."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from lastack.cli import main
from tests.cli.process import CAPTURES, run

GOOD = (CAPTURES / "1-killed-client.pcap").read_bytes()
FRAMES = 9

_PCAPNG_START = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)


def absurd_record() -> bytes:
    """Return the capture with a third record that claims 2 GiB."""
    at = 24
    for _ in range(2):
        at += 16 + struct.unpack_from("<I", GOOD, at + 8)[0]
    return GOOD[: at + 8] + struct.pack("<I", 0x7FFFFFFF) + GOOD[at + 12 :]


NOTHING_READ = {
    "empty": (b"", "it is empty"),
    "text": (b"0.1 IP a > b: Flags [R]\n", "it looks like text"),
    "a program": (b"\x7fELF" + bytes(60), "it looks like a program"),
    "zeros": (bytes(100), "it holds zeros"),
    "half a magic number": (GOOD[:2], "it is no capture"),
}

PARTIAL = {
    "cut in the file header": (GOOD[:20], 0),
    "cut in the first record's header": (GOOD[:30], 0),
    "cut in a frame": (GOOD[:-5], FRAMES - 1),
    "a record of 2 GiB": (absurd_record(), 2),
    "a pcapng block of 4 GiB": (
        _PCAPNG_START + struct.pack("<II", 6, 0xFFFFFFF0) + bytes(64),
        0,
    ),
    "a pcapng block cut": (_PCAPNG_START + struct.pack("<II", 1, 20), 0),
}


@pytest.mark.parametrize("what", NOTHING_READ)
def test_no_capture_at_all(what: str, tmp_path: Path) -> None:
    """What is no capture exits with 3 and one line naming the file and the reason."""
    octets, reason = NOTHING_READ[what]
    path = tmp_path / "given"
    path.write_bytes(octets)
    finished = run("explain", path)
    assert (finished.returncode, finished.stdout) == (3, b"")
    (line,) = finished.stderr.decode().splitlines()
    assert line.startswith(f"lastack: {path}: ")
    assert reason in line


@pytest.mark.parametrize("what", PARTIAL)
def test_a_partial_result_says_where_it_ends(what: str, tmp_path: Path) -> None:
    """A cut or damaged capture is explained as far as it goes; the exit code is 3."""
    octets, frames = PARTIAL[what]
    path = tmp_path / "given"
    path.write_bytes(octets)
    finished = run("explain", path)
    (line,) = finished.stderr.decode().splitlines()
    assert finished.returncode == 3
    assert line.startswith(f"lastack: {path}: partial: ")
    assert line.endswith(f"after frame {frames}")
    assert f": {frames} frames in " in " ".join(finished.stdout.decode().split())


def test_nothing_read_before_the_damage_is_lost(tmp_path: Path) -> None:
    """A capture cut in its last frame tells the connection from those before."""
    path = tmp_path / "given"
    path.write_bytes(GOOD[:-5])
    finished = run("explain", "--jsonl", path)
    assert b'"count":8' in finished.stdout


def test_other_files_are_still_explained(tmp_path: Path) -> None:
    """One unreadable file of two: the other is explained, the exit code is 3."""
    finished = run("explain", tmp_path / "none", "1-killed-client.pcap")
    assert finished.returncode == 3
    assert finished.stderr.decode().splitlines() == [
        f"lastack: {tmp_path}/none: no such file"
    ]
    assert b"data-after-close" in finished.stdout


def test_a_directory(tmp_path: Path) -> None:
    """A directory is named as such."""
    finished = run("explain", tmp_path)
    assert (finished.returncode, finished.stdout) == (3, b"")
    assert "it is a directory" in finished.stderr.decode()


@pytest.fixture
def nobody() -> Iterator[None]:
    """For the test's time, this process has no more rights than nobody."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_no_permission(
    tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that may not be read exits with 3 and one line that says so."""
    path = tmp_path / "given"
    path.write_bytes(GOOD)
    path.chmod(0)
    # The second time, every module that is needed has been read.
    main(["explain", str(CAPTURES / "1-killed-client.pcap")])
    capsys.readouterr()
    request.getfixturevalue("nobody")
    assert main(["explain", str(path)]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == [f"lastack: {path}: no permission to read it"]
