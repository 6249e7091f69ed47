"""A capture file gives the same octets however it comes, or says why not."""

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastack.sources import compression
from lastack.sources.capture_file import BUFFER_SIZE, CaptureFile
from lastack.sources.compression import Decompressed, detect_compression
from lastack.sources.error import SourceError
from lastack.wire.pcap_writer import pcap_header, pcap_record
from lastack.wire.pcapng_writer import pcapng_section
from tests.skipping import unavailable

CAPTURE = pcap_header() + b"".join(
    pcap_record(i, i.to_bytes(4, "big") * 100) for i in range(3000)
)

Compress = Callable[[bytes], bytes]
Tool = Callable[[str], str]


def _extra(*names: str) -> ModuleType:
    """Return the first module of `names` that is installed."""
    found = next(filter(None, map(_module, names)), None)
    return found or unavailable(f"needs {names[-1]}: pip install lastack[compression]")


def _module(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None


def _by_gzip(octets: bytes) -> bytes:
    """The time left out: two processes that collect the tests name them alike."""
    return gzip.compress(octets, mtime=0)


def _by_zstd(octets: bytes) -> bytes:
    zstd = _extra("compression.zstd", "backports.zstd")
    checksum = zstd.CompressionParameter.checksum_flag
    compressed: bytes = zstd.compress(octets, options={checksum: 1})
    return compressed


def _by_lz4(octets: bytes) -> bytes:
    compressed: bytes = _extra("lz4.frame").compress(octets)
    return compressed


@pytest.fixture(params=[_by_gzip, _by_zstd, _by_lz4], ids=["gzip", "zstd", "lz4"])
def compress(request: pytest.FixtureRequest) -> Compress:
    function: Compress = request.param
    return function


@pytest.fixture
def no_isal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal.igzip_lib", None)


def everything(path: Path | str, room: int = BUFFER_SIZE) -> bytes:
    """Return all octets of the capture at `path`, `room` at a time."""
    with CaptureFile(path) as capture:
        return b"".join(pieces(capture, room))


def pieces(capture: CaptureFile, room: int = BUFFER_SIZE) -> Iterator[bytes]:
    view = memoryview(bytearray(room))
    while count := capture.readinto(view):
        yield bytes(view[:count])


def until_error(path: Path) -> tuple[bytes, str]:
    """Return what could be read of `path`, and the error that ended it."""
    read = b""
    with CaptureFile(path) as capture:
        try:
            for piece in pieces(capture, 10_000):
                read += piece
        except SourceError as error:
            return read, str(error)
    return read, ""


def refusal(path: Path | str) -> str:
    with pytest.raises(SourceError) as caught:
        CaptureFile(path)
    return str(caught.value)


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


@pytest.mark.parametrize("extra", ["zstd", "lz4"])
def test_a_missing_extra_is_one_line(
    extra: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without its library a compression is named with the command that adds it."""
    octets = {"zstd": _by_zstd, "lz4": _by_lz4}[extra](CAPTURE)
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
        (_by_gzip(b""), "inside its gzip, it is empty"),
        (_by_gzip(b"plain words"), "inside its gzip, it is no capture"),
        (_by_gzip(_by_gzip(CAPTURE)), "looks compressed twice"),
        (_by_gzip(CAPTURE)[:5], "the gzip data ends early: it was cut"),
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
    held_back = 1_000 if compress is gzip.compress else 1 << 17
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
