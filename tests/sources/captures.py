"""A capture, and all that can be read of one."""

import gzip
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from lastack.sources.capture_file import BUFFER_SIZE, CaptureFile
from lastack.sources.error import SourceError
from lastack.wire.pcap_writer import pcap_header, pcap_record
from tests.skipping import unavailable

CAPTURE = pcap_header() + b"".join(
    pcap_record(i, i.to_bytes(4, "big") * 100) for i in range(3000)
)

Compress = Callable[[bytes], bytes]


def _extra(*names: str) -> ModuleType:
    """Return the first module of `names` that is installed."""
    found = next(filter(None, map(_module, names)), None)
    return found or unavailable(f"needs {names[-1]}: pip install lastack[compression]")


def _module(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ImportError:
        return None


def by_gzip(octets: bytes) -> bytes:
    """The time left out: two processes that collect the tests name them alike."""
    return gzip.compress(octets, mtime=0)


def by_zstd(octets: bytes) -> bytes:
    zstd = _extra("compression.zstd", "backports.zstd")
    checksum = zstd.CompressionParameter.checksum_flag
    compressed: bytes = zstd.compress(octets, options={checksum: 1})
    return compressed


def by_lz4(octets: bytes) -> bytes:
    compressed: bytes = _extra("lz4.frame").compress(octets)
    return compressed


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
