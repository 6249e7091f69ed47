"""The files of one rotated capture read as one: `tcpdump -C -W`, `dumpcap -b`.

A connection that begins in one file and ends in the next is one connection. The
files are read in the order of their first frames, which is not that of their
names once a ring has begun again. Frames and streams are numbered through, as
`mergecap -a -w all.pcapng FILE...` numbers them, given the files in that order.
"""

from collections.abc import Sequence
from os import urandom
from typing import Final

from lastack.connections.connection import Connection
from lastack.connections.part import Part
from lastack.connections.scan import Scan
from lastack.connections.table import ConnectionTable
from lastack.sources.capture_file import CaptureFile
from lastack.sources.error import SourceError
from lastack.sources.read_capture import Progress, Read, not_understood, read_into
from lastack.wire.records import CaptureError, Records

TOLERANCE: Final = 1_000_000_000
"""How far two files may overlap: frames are not written in exact order."""

_PIECE: Final = 1 << 16
_MOST_COMPARED: Final = 100_000
"""To compare more connections would take longer than to explain them."""
_LONGEST_GAP: Final = 60_000_000_000

_Ends = tuple[int, frozenset[tuple[int, int, int]]]


class OverlapError(SourceError):
    """One file begins before another ends: they are no parts of one capture."""


def read_rotated(
    paths: Sequence[str], progress: Progress | None = None
) -> tuple[Read, list[Part]]:
    """Read the files as one capture; return it and the files in their order.

    A file that cannot be read is left out and told in `trouble`, as is the rest
    of one that is damaged. Raises OverlapError if one begins before another ends.
    """
    trouble: list[str] = []
    order = sorted(_beginnings(paths, trouble))
    scan = Scan(Records(), ConnectionTable(int.from_bytes(urandom(4))))
    read = Read("", scan)
    read.partial = bool(trouble)
    read.trouble = trouble
    parts: list[Part] = []
    done, size = 0, sum(octets for _, _, octets in order)

    def moved(position: int, _: int | None) -> None:
        if progress is not None:
            progress(done + position, size)

    for start, path, octets in order:
        with CaptureFile(path) as source:
            if parts and start < scan.last_time - TOLERANCE:
                seconds = (scan.last_time - start) / 1_000_000_000
                raise OverlapError(
                    f"{source.name} begins {seconds:.3g} s before {parts[-1].name}"
                    " ends: no parts of one capture; mergecap -w interleaves them"
                )
            parts.append(Part(source.name, scan.frames))
            scan.records = source.records()
            read_into(read, source, moved)
        done += octets
    if parts:
        read.name = parts[0].name
    if len(parts) > 1:
        read.name += f" .. {parts[-1].name}"
    trouble.extend(not_understood(read.name, scan))
    return read, parts


class Rotation:
    """Notices that captures which are read one by one are parts of one.

    `continued` counts the connections that were in one file and are in the next,
    where no SYN of theirs is; `says` is a line for the user.
    """

    def __init__(self) -> None:
        self.continued = 0
        self.says = ""
        self._name = ""
        self._end = 0
        self._known: frozenset[_Ends] = frozenset()

    def take(self, read: Read) -> None:
        """Compare a capture with the one before."""
        connections = read.scan.table.connections
        if len(connections) > _MOST_COMPARED:
            self._known = frozenset()
            return
        apart = read.scan.first_time - self._end
        if self._known and -TOLERANCE < apart < _LONGEST_GAP:
            goes_on = sum(
                1
                for one in connections
                if _begins_in_the_middle(one) and _ends(one) in self._known
            )
            if goes_on and not self.continued:
                self.says = (
                    f"connections of {self._name} go on in {read.name}: with --merge"
                    " such files are explained as one capture"
                )
            self.continued += goes_on
        self._name = read.name
        self._end = read.scan.last_time
        self._known = frozenset(map(_ends, connections))


def _begins_in_the_middle(one: Connection) -> bool:
    return not any(side.syns or side.syn_acks for side in (one.side0, one.side1))


def _ends(one: Connection) -> _Ends:
    return one.version, frozenset(
        ((one.high0, one.low0, one.port0), (one.high1, one.low1, one.port1))
    )


def _beginnings(paths: Sequence[str], trouble: list[str]) -> list[tuple[int, str, int]]:
    """Return the time of each file's first frame, its path and its size.

    Files without a frame are left out: a ring has them before it is full.
    """
    found = []
    for path in paths:
        try:
            with CaptureFile(path) as source:
                if source.size is None:
                    trouble.append(f"{source.name}: no file on disk; it is read twice")
                    continue
                start = _first_time(source)
                if start is not None:
                    found.append((start, path, source.size))
        except SourceError as error:
            trouble.append(str(error))
        except CaptureError as error:
            trouble.append(f"{source.name}: {error}, before its first frame")
    return found


def _first_time(source: CaptureFile) -> int | None:
    """Return the time of the first frame, None if there is none."""
    records = source.records()
    buffer = bytearray()
    at = 0
    start = None
    piece = bytearray(_PIECE)
    while count := source.readinto(memoryview(piece)):
        buffer += piece[:count]
        while used := records.next(buffer, at, len(buffer)):
            if records.frame_at >= 0:
                start = records.time
                if records.timed:
                    return start
            at += used
        del buffer[:at]
        at = 0
    return start
