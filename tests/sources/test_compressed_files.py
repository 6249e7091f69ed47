"""A compressed capture gives its octets, or says what is wrong with it."""

import gzip
import io
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.sources import compression
from lastack.sources.capture_file import BUFFER_SIZE, CaptureFile
from lastack.sources.compression import Decompressed, detect_compression
from lastack.sources.error import SourceError
from lastack.wire.pcap_writer import pcap_header
from tests.sources.captures import (
    CAPTURE,
    Compress,
    by_gzip,
    by_lz4,
    by_zstd,
    everything,
    pieces,
    refusal,
    until_error,
)

Tool = Callable[[str], str]


@pytest.mark.parametrize("room", [100, BUFFER_SIZE])
def test_decompresses(room: int, compress: Compress, tmp_path: Path) -> None:
    """Compressed octets come out whole, told by their magic and not their name."""
    path = tmp_path / "capture.pcap"
    path.write_bytes(compress(CAPTURE))
    assert everything(path, room) == CAPTURE


def test_members_and_frames_in_a_row_are_one(
    compress: Compress, tmp_path: Path
) -> None:
    """Concatenated members, some of them empty, are read as one file."""
    path = tmp_path / "capture"
    parts = (CAPTURE[:1], b"", CAPTURE[1:100_000], b"", CAPTURE[100_000:])
    path.write_bytes(b"".join(map(compress, parts)))
    assert everything(path) == CAPTURE


def test_gzip_needs_no_extra(no_isal: None, tmp_path: Path) -> None:
    """Without isal, the standard library reads gzip members in a row."""
    path = tmp_path / "capture"
    path.write_bytes(gzip.compress(CAPTURE[:99]) + gzip.compress(CAPTURE[99:]))
    assert everything(path) == CAPTURE
    assert compression._gzip() is compression._Deflated


def test_gzip_may_be_padded_with_zeros(tmp_path: Path) -> None:
    """Zeros after and between gzip members, as tapes leave them, are no damage."""
    path = tmp_path / "capture"
    zeros = bytes(200_000)
    path.write_bytes(
        gzip.compress(CAPTURE[:99]) + zeros + gzip.compress(CAPTURE[99:]) + zeros
    )
    assert everything(path) == CAPTURE


@pytest.mark.parametrize("tool", ["zstd", "lz4", "gzip", "pzstd"])
def test_reads_what_the_tools_write(
    tool: str, needs_tool: Tool, tmp_path: Path
) -> None:
    """What the Debian tools compress to a pipe is read back."""
    path = tmp_path / "capture"
    with path.open("wb") as file:
        subprocess.run([needs_tool(tool), "-c"], input=CAPTURE, stdout=file, check=True)
    assert everything(path) == CAPTURE


def test_a_compressed_pipe_gives_what_it_holds(
    compress: Compress, tmp_path: Path
) -> None:
    """A first member is given while the writer still holds the second."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    may_go_on = threading.Event()

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            pipe.write(compress(CAPTURE[:1000]))
            may_go_on.wait(10)
            pipe.write(compress(CAPTURE[1000:]))

    writer = threading.Thread(target=write)
    writer.start()
    with CaptureFile(path) as capture:
        source = pieces(capture)
        read = b""
        while len(read) < 1000:
            read += next(source)
        assert not may_go_on.is_set()
        may_go_on.set()
        assert read + b"".join(source) == CAPTURE
    writer.join()


@pytest.mark.parametrize("extra", ["zstd", "lz4"])
def test_a_missing_extra_is_one_line(
    extra: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without its library a compression is named with the command that adds it."""
    octets = {"zstd": by_zstd, "lz4": by_lz4}[extra](CAPTURE)
    for name in ("compression.zstd", "backports.zstd", "lz4.frame"):
        monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / "capture"
    path.write_bytes(octets)
    assert refusal(path) == (
        f"{path}: {extra} needs an extra: pip install 'lastack[compression]'"
    )


_PRINT_LOADED_EXTRAS = """
import sys
import lastack.sources.capture_file
print([name for name in ("isal", "backports", "lz4") if name in sys.modules])
"""


def test_no_compression_is_loaded_before_it_is_met() -> None:
    """Opening a plain capture imports none of the extras."""
    printed = subprocess.run(
        [
            sys.executable,
            "-c",
            _PRINT_LOADED_EXTRAS,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed == "[]\n"


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_cut_archive_keeps_what_came_before(
    kept: float, compress: Compress, tmp_path: Path
) -> None:
    """What lies before a cut is given, then one line says that it was cut."""
    path = tmp_path / "capture"
    octets = os.urandom(400_000)
    whole = compress(pcap_header() + octets)
    path.write_bytes(whole[: int(len(whole) * kept)])
    read, error = until_error(path)
    assert (pcap_header() + octets).startswith(read)
    # zstd and lz4 give a block, of up to 128 and 64 KiB, only when it is whole.
    held_back = 1_000 if compress is by_gzip else 1 << 17
    assert len(read) > len(octets) * kept - held_back
    assert error.startswith(f"{path}: the ")
    assert error.endswith("data ends early: it was cut")


def test_a_damaged_archive_keeps_what_came_before(
    compress: Compress, tmp_path: Path
) -> None:
    """What lies well before damage is given, then one line says so."""
    path = tmp_path / "capture"
    octets = os.urandom(1_000_000)
    whole = bytearray(compress(pcap_header() + octets))
    whole[-60:] = bytes(byte ^ 0xFF for byte in whole[-60:])
    path.write_bytes(whole)
    read, error = until_error(path)
    assert len(read) > 700_000
    assert read[:700_000] == (pcap_header() + octets)[:700_000]
    assert " data is damaged: " in error
    assert "\n" not in error


def test_something_after_an_archive_is_named(
    compress: Compress, tmp_path: Path
) -> None:
    """All of the archive is given before what follows it is refused."""
    path = tmp_path / "capture"
    path.write_bytes(compress(CAPTURE) + b"and now for something else")
    read, error = until_error(path)
    assert read == CAPTURE
    assert error.endswith("data comes something else")


def test_an_archive_that_swells_takes_no_memory(
    compress: Compress, tmp_path: Path
) -> None:
    """A bomb of 200 MB is read through 64 KiB in less than 4 MB of memory."""
    path = tmp_path / "capture"
    path.write_bytes(compress(pcap_header() + bytes(50_000_000)) * 4)
    view = memoryview(bytearray(1 << 16))
    tracemalloc.start()
    try:
        with CaptureFile(path) as capture:
            total = 0
            while count := capture.readinto(view):
                total += count
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == 4 * (len(pcap_header()) + 50_000_000)
    assert peak < 4_000_000


def test_progress_counts_what_the_disk_gave(compress: Compress, tmp_path: Path) -> None:
    """`position` reaches `size` at the end, for a compressed file as well."""
    path = tmp_path / "capture"
    path.write_bytes(compress(CAPTURE))
    with CaptureFile(path) as capture:
        assert capture.size == path.stat().st_size
        assert sum(map(len, pieces(capture))) == len(CAPTURE)
        assert capture.position == capture.size


@given(
    st.lists(st.binary(max_size=50), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=3),
    st.integers(1, 40),
    st.integers(1, 9),
)
def test_damaged_gzip_is_an_error_or_octets(
    parts: list[bytes], damage: list[tuple[int, int]], room: int, step: int
) -> None:
    """No damage to gzip makes anything but octets or a SourceError."""
    octets = bytearray(b"".join(map(gzip.compress, parts)))
    for at, octet in damage:
        octets[3 + at % (len(octets) - 3)] = octet
    found = detect_compression(bytes(octets))
    assert found is not None
    file = io.BytesIO(octets)
    source = Decompressed(found, lambda size: file.read(min(size, step)))
    view = memoryview(bytearray(room))
    read = b""
    try:
        while count := source.readinto(view):
            read += view[:count]
    except SourceError as error:
        assert "\n" not in str(error)  # noqa: PT017 - one line is the claim
    else:
        assert damage or read == b"".join(parts)
