"""However a capture is stored, its verdicts are the same."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from lastack.wire.pcap_writer import Order, pcap_header, pcap_record
from lastack.wire.pcapng_writer import (
    pcapng_interface,
    pcapng_packet,
    pcapng_section,
)
from tests.judged import verdicts
from tests.walk import Frame, iterate

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
Rewritten = Callable[[list[Frame]], bytes]


def pcap(
    frames: Iterable[Frame],
    link: int = 1,
    order: Order = "little",
    nanoseconds: bool = True,
) -> bytes:
    """Return the frames as a pcap file."""
    return pcap_header(link, order=order, nanoseconds=nanoseconds) + b"".join(
        pcap_record(
            frame.time,
            frame.octets,
            original=frame.original,
            order=order,
            nanoseconds=nanoseconds,
        )
        for frame in frames
    )


def pcapng(frames: list[Frame], order: Order) -> bytes:
    """Return the frames as a pcapng file with two interfaces taking turns."""
    octets = pcapng_section(order=order)
    for resolution in (9, 6):
        octets += pcapng_interface(1, resolution=resolution, order=order)
    for number, frame in enumerate(frames):
        octets += pcapng_packet(
            frame.time,
            frame.octets,
            interface=number % 2,
            resolution=(9, 6)[number % 2],
            original=frame.original,
            order=order,
        )
    return octets


def rewrapped(header: Callable[[bytes], bytes], link: int) -> Rewritten:
    """Return a rewriter that puts another link layer under each IP packet."""

    def rewrite(frames: list[Frame]) -> bytes:
        inside = []
        for frame in frames:
            ether_type = frame.octets[12:14]
            if ether_type not in {b"\x08\x00", b"\x86\xdd"}:
                continue
            octets = header(frame.octets)
            grown = len(octets) - len(frame.octets)
            inside.append(
                frame._replace(octets=octets, original=frame.original + grown)
            )
        return pcap(inside, link)

    return rewrite


def only_ip(frames: list[Frame]) -> list[Frame]:
    """Return the frames that every link type can carry."""
    return [one for one in frames if one.octets[12:14] in {b"\x08\x00", b"\x86\xdd"}]


def cut(frames: list[Frame]) -> bytes:
    """Return the frames cut behind the longest possible TCP header."""
    return pcap(one._replace(octets=one.octets[: 14 + 60 + 60]) for one in frames)


def twice(frames: list[Frame], later: int) -> bytes:
    """Return every frame twice, as a capture on two sides of a bridge has it."""
    return pcap(
        copy for one in frames for copy in (one, one._replace(time=one.time + later))
    )


def routed_twice(frames: list[Frame]) -> bytes:
    """Return every frame before and behind a router that takes one off the TTL."""
    both = []
    for one in frames:
        octets = bytearray(one.octets)
        if octets[12:14] == b"\x08\x00":
            octets[14 + 8] -= 1
        both += [one, one._replace(time=one.time + 30_000, octets=bytes(octets))]
    return pcap(both)


def shifted(frames: list[Frame]) -> bytes:
    """Return the frames a year later."""
    return pcap(one._replace(time=one.time + 31_536_000_000_000_000) for one in frames)


def from_zero(frames: list[Frame]) -> bytes:
    """Return the frames with times that count from the first one."""
    return pcap(one._replace(time=one.time - frames[0].time) for one in frames)


FAMILY = {b"\x08\x00": 2, b"\x86\xdd": 10}
REWRITES: dict[str, Rewritten] = {
    "big-endian": lambda frames: pcap(frames, order="big"),
    "microseconds": lambda frames: pcap(frames, nanoseconds=False),
    "pcapng": lambda frames: pcapng(frames, "little"),
    "pcapng-big-endian": lambda frames: pcapng(frames, "big"),
    "vlan": rewrapped(lambda o: o[:12] + b"\x81\x00\x00\x05" + o[12:], 1),
    "qinq": rewrapped(
        lambda o: o[:12] + b"\x88\xa8\x00\x07\x81\x00\x00\x05" + o[12:], 1
    ),
    "mpls": rewrapped(lambda o: o[:12] + b"\x88\x47\x00\x01\x01\x40" + o[14:], 1),
    "cooked": rewrapped(
        lambda o: bytes(6) + o[6:12] + bytes(2) + o[12:14] + o[14:], 113
    ),
    "cooked-2": rewrapped(lambda o: o[12:14] + bytes(18) + o[14:], 276),
    "raw": rewrapped(lambda o: o[14:], 101),
    "null": rewrapped(lambda o: FAMILY[o[12:14]].to_bytes(4, "little") + o[14:], 0),
    "ppp": rewrapped(
        lambda o: b"\xff\x03\x00" + (b"\x21" if o[13] == 0 else b"\x57") + o[14:], 9
    ),
    "snap-length": cut,
    "twice-at-once": lambda frames: twice(frames, 0),
    "twice": lambda frames: twice(frames, 40_000),
    "routed-twice": routed_twice,
    "a-year-later": shifted,
    "from-zero": from_zero,
}
CAPTURES = (
    sorted(path.name for path in CORPUS.glob("*.pcap")) if CORPUS.is_dir() else []
)


@cache
def frames_of(path: Path) -> list[Frame]:
    """Return the frames of a capture, read once for all rewrites."""
    return list(iterate(path))


@pytest.mark.parametrize("name", REWRITES)
def test_the_verdicts_of_a_rewritten_capture_are_the_same(
    name: str, corpus: Path
) -> None:
    """A rewrite that keeps what hosts said keeps every verdict and its odds."""
    rewrite = REWRITES[name]
    different = []
    assert CAPTURES
    for capture in CAPTURES:
        frames = frames_of(corpus / capture)
        if not frames:
            continue
        before = verdicts(pcap(frames))
        after = verdicts(rewrite(frames))
        if before != after:
            pairs = zip(before, after, strict=False)
            first = next((one for one in pairs if one[0] != one[1]), ("number",))
            different.append((capture, *first))
    assert different == []
