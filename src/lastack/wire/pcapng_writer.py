"""Writes pcapng: one block of each kind, as octets.

A file is a section header, its interfaces, then packets in any mixture; a new
section header begins anew. For tests, the simulator and the laboratory;
`files/pcapng.py` reads it. Specification: draft-ietf-opsawg-pcapng.
"""

import struct
from collections.abc import Iterable
from typing import Literal

Order = Literal["little", "big"]

NANOSECONDS = 9
MICROSECONDS = 6

_OPT_COMMENT = 1
_IF_TSRESOL = 9
_IF_TSOFFSET = 14
_ISB_IFDROP = 5
_ISB_OSDROP = 7


def pcapng_section(*, order: Order = "little") -> bytes:
    """Return a section header block, for a section of unstated length."""
    body = struct.pack(_mark(order) + "IHHq", 0x1A2B3C4D, 1, 0, -1)
    return pcapng_block(0x0A0D0D0A, body, order=order)


def pcapng_interface(
    link: int = 1,
    *,
    order: Order = "little",
    resolution: int = NANOSECONDS,
    offset: int = 0,
    snap: int = 0,
) -> bytes:
    """Return an interface description block; the section counts them from 0.

    `resolution` is if_tsresol's octet: n for units of 10**-n seconds, 128 + n
    for 2**-n. `offset` in seconds (if_tsoffset) is what readers add to every
    timestamp. `snap` is the most octets of a frame that were kept, 0 for all.
    """
    mark = _mark(order)
    options = []
    if resolution != MICROSECONDS:  # the default
        options.append((_IF_TSRESOL, bytes([resolution])))
    if offset:
        options.append((_IF_TSOFFSET, struct.pack(mark + "q", offset)))
    body = struct.pack(mark + "HHI", link, 0, snap)
    return pcapng_block(1, body + _options(options, order), order=order)


def pcapng_statistics(
    interface: int = 0,
    *,
    dropped: int | None = None,
    system_dropped: int | None = None,
    order: Order = "little",
) -> bytes:
    """Return an interface statistics block of no particular time.

    `dropped` by the interface, and by the operating system, are counted from the
    start of the capture; 2**64 - 1 stands for a count that is not known.
    """
    counts = ((_ISB_IFDROP, dropped), (_ISB_OSDROP, system_dropped))
    options = [
        (code, struct.pack(_mark(order) + "Q", count))
        for code, count in counts
        if count is not None
    ]
    body = struct.pack(_mark(order) + "III", interface, 0, 0)
    return pcapng_block(5, body + _options(options, order), order=order)


def pcapng_packet(
    time: int,
    frame: bytes,
    *,
    interface: int = 0,
    original: int | None = None,
    comments: Iterable[str] = (),
    order: Order = "little",
    resolution: int = NANOSECONDS,
    offset: int = 0,
) -> bytes:
    """Return an enhanced packet block; `time` in nanoseconds after 1970.

    `resolution` and `offset` must be those of the interface; the time is
    rounded down to its unit. `original` is the length on the wire where less
    was kept. Raises ValueError for a time that the unit cannot express, and
    for a comment of more than 65535 octets.
    """
    body = struct.pack(
        _mark(order) + "IIIII",
        interface,
        *_stamp(time, resolution, offset),
        len(frame),
        len(frame) if original is None else original,
    )
    options = [(_OPT_COMMENT, comment.encode()) for comment in comments]
    body += _padded(frame) + _options(options, order)
    return pcapng_block(6, body, order=order)


def pcapng_old_packet(
    time: int,
    frame: bytes,
    *,
    interface: int = 0,
    drops: int = 0xFFFF,
    original: int | None = None,
    order: Order = "little",
    resolution: int = NANOSECONDS,
    offset: int = 0,
) -> bytes:
    """Return an obsolete packet block, which early writers used.

    `drops` counts frames lost just before it, 65535 where nobody counted; for
    the rest see `pcapng_packet`.
    """
    body = struct.pack(
        _mark(order) + "HHIIII",
        interface,
        drops,
        *_stamp(time, resolution, offset),
        len(frame),
        len(frame) if original is None else original,
    )
    return pcapng_block(2, body + _padded(frame), order=order)


def pcapng_simple_packet(
    frame: bytes, *, original: int | None = None, order: Order = "little"
) -> bytes:
    """Return a simple packet block: interface 0, and no time.

    A reader knows how much of a frame was kept only from the interface's snap
    length; with `original` above the frame's length, that must be the latter.
    """
    length = len(frame) if original is None else original
    body = struct.pack(_mark(order) + "I", length)
    return pcapng_block(3, body + _padded(frame), order=order)


def pcapng_block(kind: int, body: bytes, *, order: Order = "little") -> bytes:
    """Return a block of type `kind` with `body`, padded to a multiple of 4."""
    mark = _mark(order)
    body = _padded(body)
    length = len(body) + 12
    return (
        struct.pack(mark + "II", kind, length) + body + struct.pack(mark + "I", length)
    )


def _stamp(time: int, resolution: int, offset: int) -> tuple[int, int]:
    if resolution >= 0x80:
        units = 1 << (resolution - 0x80)
    else:
        units = 10**resolution
    stamp = (time - offset * 1_000_000_000) * units // 1_000_000_000
    if not 0 <= stamp < 1 << 64:
        raise ValueError(f"{time} ns does not fit a timestamp of this interface")
    return stamp >> 32, stamp & 0xFFFFFFFF


def _options(options: Iterable[tuple[int, bytes]], order: Order) -> bytes:
    octets = b""
    for code, value in options:
        if len(value) > 0xFFFF:
            raise ValueError(f"an option of {len(value)} octets is too long")
        head = struct.pack(_mark(order) + "HH", code, len(value))
        octets += head + _padded(value)
    return octets + bytes(4) if octets else b""  # opt_endofopt ends them


def _padded(octets: bytes) -> bytes:
    return octets + bytes(-len(octets) % 4)


def _mark(order: Order) -> str:
    return "<" if order == "little" else ">"
