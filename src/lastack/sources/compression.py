"""Decompresses gzip, zstd and lz4 into a buffer that the caller owns.

Told apart by their first octets. One call decompresses no more than the
caller's buffer takes, so an archive that swells to terabytes costs no memory.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol

from lastack.sources.error import SourceError

# The more compressed octets go in at once, the more are lost with a damaged
# block: a decompressor that fails keeps what it had made.
_PIECE = 1 << 16

# How much comes out at once. Python's memory for more than 128 KiB is fresh from
# the kernel each time, and its page faults take a sixth of the whole reading.
_ROOM = 1 << 16


class Decompressor(Protocol):
    """One member or frame, decompressed piece by piece, as bz2's class does."""

    @property
    def eof(self) -> bool:
        """Whether the member's end was reached."""

    @property
    def needs_input(self) -> bool:
        """Whether more can come only after more went in."""

    @property
    def unused_data(self) -> bytes | None:
        """What came after the member's end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Return up to `max_length` octets more, given `data` more."""


class _Deflated:
    """A gzip member in zlib's own terms, turned into a Decompressor."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def _gzip() -> Callable[[], Decompressor]:
    try:
        # Twice as fast as zlib where it is there.
        isal = import_module("isal.igzip_lib")
    except ImportError:
        return _Deflated
    return lambda: isal.IgzipDecompressor(flag=isal.DECOMP_GZIP)


def _zstd() -> Callable[[], Decompressor]:
    try:
        zstd = import_module("compression.zstd")  # Python 3.14
    except ImportError:
        zstd = import_module("backports.zstd")
    return zstd.ZstdDecompressor  # type: ignore[no-any-return]


def _lz4() -> Callable[[], Decompressor]:
    return import_module("lz4.frame").LZ4FrameDecompressor  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Compression:
    """A compression: `magics` begin a member; `load` may raise ImportError."""

    name: str
    magics: tuple[bytes, ...]
    load: Callable[[], Callable[[], Decompressor]]


# zstd and lz4 share them: pzstd begins a file with one.
_SKIPPABLE = tuple(bytes([octet]) + b"\x2a\x4d\x18" for octet in range(0x50, 0x60))

_COMPRESSIONS = (
    Compression("gzip", (b"\x1f\x8b\x08",), _gzip),
    Compression("zstd", (b"\x28\xb5\x2f\xfd", *_SKIPPABLE), _zstd),
    Compression("lz4", (b"\x04\x22\x4d\x18", *_SKIPPABLE), _lz4),
)


def detect_compression(head: bytes) -> Compression | None:
    """Return the compression of a file that begins with `head`, or None."""
    for compression in _COMPRESSIONS:
        if head.startswith(compression.magics):
            return compression
    return None


class Decompressed:
    """The octets inside compressed ones, members and frames in a row as one.

    `read(n)` gives up to n compressed octets, none at their end.
    """

    def __init__(self, compression: Compression, read: Callable[[int], bytes]) -> None:
        """Load what decompresses; raises SourceError if that is not installed."""
        self._name = compression.name
        self._magics = compression.magics
        self._read = read
        self._rest = b""
        try:
            self._new = compression.load()
        except ImportError:
            raise SourceError(
                f"{compression.name} needs an extra: pip install 'lastack[compression]'"
            ) from None
        self._member = self._new()

    def readinto(self, view: memoryview) -> int:
        """Fill the beginning of `view`; return how many octets, 0 at the end.

        Raises SourceError when the compressed octets are damaged, end early, or
        are followed by something else.
        """
        while len(view):
            if self._member.eof and not self._next_member():
                return 0
            piece = b""
            if self._member.needs_input:
                piece = self._piece()
                if not piece:
                    raise SourceError(f"the {self._name} data ends early: it was cut")
            octets = self._decompress(piece, min(len(view), _ROOM))
            if octets:
                view[: len(octets)] = octets
                return len(octets)
        return 0

    def _decompress(self, piece: bytes, room: int) -> bytes:
        try:
            return self._member.decompress(piece, room)
        except Exception as error:  # each library has its own kinds
            reason = " ".join(str(error).split()) or type(error).__name__
            raise SourceError(f"the {self._name} data is damaged: {reason}") from None

    def _next_member(self) -> bool:
        rest = self._member.unused_data or b""  # lz4 says None for nothing
        while True:
            if self._name == "gzip":
                # Tapes and some copiers pad it with zeros; gzip passes over them.
                rest = rest.lstrip(b"\0")
            if len(rest) >= max(map(len, self._magics)):
                break
            more = self._piece()
            if not more:
                break
            rest += more
        if not rest:
            return False
        if not rest.startswith(self._magics):
            raise SourceError(f"after the {self._name} data comes something else")
        self._rest = rest
        self._member = self._new()
        return True

    def _piece(self) -> bytes:
        rest, self._rest = self._rest, b""
        return rest or self._read(_PIECE)
