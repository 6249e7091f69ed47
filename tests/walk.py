"""Walks all frames of a capture with a buffer that grows and refills oddly."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

from lastack.sources.capture_file import CaptureFile
from lastack.wire.records import CaptureError, Records


class Frame(NamedTuple):
    """A frame as a capture file keeps it; `time` in nanoseconds since 1970."""

    time: int
    octets: bytes
    original: int
    link: int = 1
    interface: int = 0


class Truncated(Exception):  # noqa: N818 - what happened, as in `Records.needs`
    """The capture ends inside a record, of which `args[0]` octets are there."""


def iterate(path: str | Path) -> Iterator[Frame]:
    """Yield every frame of the capture at `path`, refilled 4097 octets a time."""
    with CaptureFile(path) as capture:
        yield from frames(capture.records(), capture.readinto, repeat(4097))


def frames_of(
    records: Records, octets: bytes | bytearray, sizes: Iterable[int] = ()
) -> Iterator[Frame]:
    """Yield every frame of the capture `octets`, refilled by `sizes`, then whole."""
    left = memoryview(octets)

    def readinto(view: memoryview) -> int:
        nonlocal left
        count = min(len(view), len(left))
        view[:count] = left[:count]
        left = left[count:]
        return count

    return frames(records, readinto, chain(sizes, repeat(max(len(octets), 1))))


def story(
    records: Records, octets: bytes | bytearray, sizes: Iterable[int] = ()
) -> tuple[list[Frame], str]:
    """Return the frames of `octets`, and `whole`, `cut`, or what is wrong."""
    found = []
    try:
        for frame in frames_of(records, octets, sizes):
            found.append(frame)  # noqa: PERF402 - what came before an error counts
    except Truncated:
        return found, "cut"
    except ValueError as error:
        if type(error).__name__ != CaptureError.__name__:
            raise
        return found, str(error)
    return found, "whole"


def frames(
    records: Records, readinto: Callable[[memoryview], int], sizes: Iterator[int]
) -> Iterator[Frame]:
    """Yield every frame that `records` finds; each refill takes the next size.

    Raises Truncated where the octets end inside a record.
    """
    buffer = bytearray(1)
    at = end = 0
    while True:
        size = records.next(buffer, at, end)
        assert size <= end - at, "a record reaches beyond what is there"
        if size > 0:
            if records.frame_at >= 0:
                frame_end = records.frame_at + records.captured
                assert at < records.frame_at <= frame_end <= at + size
                yield Frame(
                    records.time,
                    bytes(buffer[records.frame_at : frame_end]),
                    records.original,
                    records.link,
                    records.interface,
                )
            at += size
            continue
        assert size == 0
        assert end - at < records.needs <= 1 << 24, "it would wait for ever"
        buffer[: end - at] = buffer[at:end]
        end -= at
        at = 0
        buffer.extend(bytes(max(records.needs - len(buffer), 0)))
        with memoryview(buffer) as view:
            count = readinto(view[end : end + next(sizes)])
        if count == 0:
            if end > 0:
                raise Truncated(end)
            return
        end += count
