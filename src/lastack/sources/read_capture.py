"""A capture file read through the fused pass, from its first octet to its last."""

from collections.abc import Callable, Iterable
from os import urandom

from lastack.connections.scan import Scan
from lastack.connections.table import ConnectionTable
from lastack.sources.capture_file import BUFFER_SIZE, CaptureFile
from lastack.sources.error import SourceError
from lastack.wire.records import CaptureError

Progress = Callable[[int, int | None], None]
"""Called with the octets read so far and those in all, None if not known."""

_LINKS_NAMED = 4


class Read:
    """What was read of one capture.

    `trouble` says in one line each what was wrong: the file is cut or damaged
    and the result is partial, frames were not understood, or never captured.
    """

    def __init__(self, name: str, scan: Scan) -> None:
        self.name = name
        self.scan = scan
        self.partial = False
        self.trouble: list[str] = []


def read_capture(path: str, progress: Progress | None = None) -> Read:
    """Read the whole capture `path`, `-` for standard input.

    Raises SourceError if it cannot be opened or is no capture. What goes wrong
    later ends the reading and is told in `trouble`: nothing read is lost.
    """
    with CaptureFile(path) as source:
        scan = Scan(source.records(), ConnectionTable(int.from_bytes(urandom(4))))
        read = Read(source.name, scan)
        read_into(read, source, progress)
    read.trouble.extend(not_understood(source.name, scan))
    return read


def read_into(read: Read, source: CaptureFile, progress: Progress | None) -> None:
    """Add all records of an open capture to what was read before."""
    before = read.scan.frames
    try:
        _read_all(source, read, before, progress)
    except (SourceError, CaptureError) as error:
        read.partial = True
        frame = read.scan.frames - before
        read.trouble.append(_one_line(source.name, frame, error))
    lost = read.scan.records.lost
    if lost:
        frames = "frame was" if lost == 1 else "frames were"
        read.trouble.append(
            f"{source.name}: {lost} {frames} lost while capturing, and verdicts may"
            " rest on gaps (dumpcap -B 64 -s 128 loses fewer)"
        )


def _read_all(
    source: CaptureFile, read: Read, before: int, progress: Progress | None
) -> None:
    scan = read.scan
    buffer = bytearray(BUFFER_SIZE)
    filled = 0
    while True:
        if filled == len(buffer):
            # One record is larger than the buffer; the walker bounds its size.
            wanted = max(scan.records.needs, 2 * len(buffer))
            buffer.extend(bytes(wanted - len(buffer)))
        with memoryview(buffer) as view:
            count = source.readinto(view[filled:])
        if count == 0:
            break
        filled += count
        used = scan.run(buffer, 0, filled)
        buffer[: filled - used] = buffer[used:filled]
        filled -= used
        if progress is not None:
            progress(source.position, source.size)
    if filled:
        read.partial = True
        frames = scan.frames - before
        where = "in the middle of a record" if frames else "before its first frame ends"
        read.trouble.append(
            f"{source.name}: partial: the file is cut {where}, after frame {frames}"
        )


def _one_line(name: str, frame: int, error: Exception) -> str:
    text = str(error)
    if text.startswith(f"{name}: "):
        text = text[len(name) + 2 :]
    return f"{name}: partial: {text}, after frame {frame}"


def not_understood(name: str, scan: Scan) -> Iterable[str]:
    """Yield one line for each kind of frame that could not be taken in."""
    if scan.damaged:
        frames = "frame is" if scan.damaged == 1 else "frames are"
        yield (
            f"{name}: {scan.damaged} {frames} cut or damaged before TCP; skipped"
            " (tcpdump -s 128 takes enough of each)"
        )
    if not scan.unknown_links:
        return
    from lastack.wire.link_names import link_name

    kinds = sorted(scan.unknown_links.items(), key=lambda one: -one[1])
    for link, count in kinds[:_LINKS_NAMED]:
        frames = "1 frame" if count == 1 else f"{count} frames"
        named = link_name(link)
        what = f" ({named}), which is not read" if named else ", which is not known"
        yield f"{name}: {frames} of link type {link}{what}; skipped"
