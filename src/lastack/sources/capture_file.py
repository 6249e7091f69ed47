"""A capture on disk, in a pipe or on standard input, plain or compressed.

It gives octets, and says which format they are; the records inside are found
by the format's reader. What is wrong with a file is one SourceError.
"""

import os
import stat
from io import FileIO

from lastack.sources.error import SourceError
from lastack.wire.files import detect
from lastack.wire.format import Format
from lastack.wire.records import Records

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from typing import Self

    from lastack.sources.compression import Decompressed

BUFFER_SIZE = 1 << 20
"""How large a buffer `readinto` is best given: 1 MiB stays in the cache."""

_HEAD = 512
_LONGEST_MAGIC = 8

# What people pass by mistake, or what another tool must convert first.
_STRANGERS = (
    (b"\x1f\x9d", "a compress (.Z) archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ\0", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"\x02\x21\x4c\x18", "old lz4; unpack it first"),
    (b"\x1f\x8b", "broken gzip"),
    (b"snoop\0\0\0", "a snoop capture; convert it: editcap -F pcapng IN OUT"),
    (b"RTSS", "a NetMon capture; convert it: editcap -F pcapng IN OUT"),
    (b"GMBU", "a NetMon capture; convert it: editcap -F pcapng IN OUT"),
    (b"TRSNIFF", "a Sniffer capture; convert it: editcap -F pcapng IN OUT"),
    (b"\x1c\x00\x01\xac", "an IXIA pcap; convert it: editcap -F pcapng IN OUT"),
    (b"\xac\x01\x00\x1c", "an IXIA pcap; convert it: editcap -F pcapng IN OUT"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)


class CaptureFile:
    """An open capture: `readinto` gives its octets from the first one on.

    `name` is safe to print. `size` is the octets of the file where it can be
    known, None for a pipe; `position` how many of them were read, so that
    `position / size` is progress for a compressed file as well. `compression`
    is `gzip`, `zstd`, `lz4` or empty; `format` is the capture format inside.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Open `path`, `-` for standard input; decompression is detected.

        Reads the first octets, and so waits for the writer of a pipe. Raises
        SourceError when it cannot be opened, is empty, or is no capture.
        """
        path = os.fspath(path)
        self.name = "standard input" if path == "-" else _printable(path)
        self.size: int | None = None
        self.position = 0
        self.compression = ""
        self._file = self._open(path)
        try:
            self._compressed: Decompressed | None = None
            self._head = self._read_head()
            self._decompress()
            self.format = self._detect()
        except BaseException:
            self.close()
            raise

    def records(self) -> Records:
        """Return a fresh walker over this file's records."""
        return self.format.reader()

    def readinto(self, view: memoryview) -> int:
        """Fill the beginning of `view`; return how many octets, 0 at the end.

        Fewer than fit do not mean the end: a pipe gives what it has. Raises
        SourceError when reading fails or compressed octets are damaged; what
        was given before is good.
        """
        if self._head:
            count = min(len(self._head), len(view))
            view[:count] = self._head[:count]
            self._head = self._head[count:]
            return count
        return self._readinto(view)

    def close(self) -> None:
        """Close the file; standard input stays open."""
        self._file.close()

    def __enter__(self) -> "Self":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, path: str) -> FileIO:
        try:
            if path == "-":
                file = FileIO(0, closefd=False)
            else:
                file = FileIO(path)
        except FileNotFoundError:
            raise self._error("no such file") from None
        except IsADirectoryError:
            raise self._error("it is a directory; name the captures in it") from None
        except PermissionError:
            raise self._error("no permission to read it") from None
        except OSError as error:
            raise self._error(error.strerror or str(error)) from None
        except ValueError:
            raise self._error("no file can have that name") from None
        status = os.fstat(file.fileno())
        if stat.S_ISREG(status.st_mode):
            self.size = status.st_size
            if path == "-":
                self.position = file.tell()
        elif file.isatty():
            file.close()
            raise self._error("it is a terminal; name a capture, or pipe one in")
        return file

    def _read_head(self) -> bytes:
        """Return the first octets: enough to tell a format, if there are."""
        head = b""
        room = memoryview(bytearray(_HEAD))
        while len(head) < _LONGEST_MAGIC:
            count = self._readinto(room[: _HEAD - len(head)])
            if count == 0:
                break
            head += room[:count]
        return head

    def _decompress(self) -> None:
        if detect(self._head) is not None:
            return
        from lastack.sources.compression import Decompressed, detect_compression

        compression = detect_compression(self._head)
        if compression is None:
            return
        self.compression = compression.name
        compressed, self._head = self._head, b""

        def read(size: int) -> bytes:
            nonlocal compressed
            if compressed:
                piece, compressed = compressed, b""
                return piece
            return self._read_file(size)

        try:
            self._compressed = Decompressed(compression, read)
        except SourceError as error:
            raise self._error(str(error)) from None
        self._head = self._read_head()

    def _detect(self) -> Format:
        format_ = detect(self._head)
        if format_ is not None:
            return format_
        inside = f"inside its {self.compression}, " if self.compression else ""
        if not self._head:
            raise self._error(f"{inside}it is empty")
        raise self._error(f"{inside}it is no capture: it {_looks_like(self._head)}")

    def _readinto(self, view: memoryview) -> int:
        try:
            if self._compressed is None:
                return self._read_file_into(view)
            return self._compressed.readinto(view)
        except SourceError as error:
            raise self._error(str(error)) from None
        except OSError as error:
            raise self._error(f"reading failed: {error.strerror or error}") from None

    def _read_file(self, size: int) -> bytes:
        piece = bytearray(size)
        count = self._read_file_into(memoryview(piece))
        return bytes(piece[:count])

    def _read_file_into(self, view: memoryview) -> int:
        while (count := self._file.readinto(view)) is None:
            from select import select  # seldom: a pipe that is set not to block

            select([self._file], [], [])
        self.position += count
        return count

    def _error(self, what: str) -> SourceError:
        return SourceError(f"{self.name}: {what}")


def _looks_like(head: bytes) -> str:
    from lastack.sources.compression import detect_compression

    if detect_compression(head) is not None:
        return "looks compressed twice; unpack it once"
    for magic, stranger in _STRANGERS:
        if head.startswith(magic):
            return f"looks like {stranger}"
    if not head.strip(b"\0"):
        return "holds zeros"
    text = sum(octet >= 0x20 or octet in b"\t\n\r\f\x1b" for octet in head)
    if text == len(head) and b"\x7f" not in head:
        try:
            # The last character may be cut.
            head[: max(len(head) - 3, 1)].decode()
        except UnicodeDecodeError:
            pass
        else:
            return "looks like text; save packets with: tcpdump -w FILE"
    return f"begins with {head[:4].hex(' ')}"


def _printable(path: str) -> str:
    """Return `path` as a terminal may see it: no escapes, no line ends."""
    return path if path and path.isprintable() else ascii(path)
