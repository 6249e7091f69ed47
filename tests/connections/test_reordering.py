"""Two segments that cross may be captured in either order: the verdict stays.

A capture with two clocks, or two queues, swaps what left both hosts at once.
"""

from pathlib import Path
from typing import Final, NamedTuple

from lastack.tcp.flags import FIN, RST, SYN
from tests.judged import verdicts
from tests.metamorphic.test_same_verdicts import pcap
from tests.walk import Frame, iterate

MOMENT: Final = 3_000_000
"""Frames as near as this, in nanoseconds, may well come the other way round."""
FEWEST: Final = 400

UNDECIDABLE: Final = {"inject-fin"}
"""By these packets two verdicts are right; which is first may change."""


class Header(NamedTuple):
    """What of a TCP segment in IPv4 and Ethernet tells whose answer it is."""

    source: bytes
    destination: bytes
    seq: int
    ack: int
    flags: int
    length: int


def header(octets: bytes) -> Header | None:
    """Return the header of a segment, None for any other frame."""
    if octets[12:14] != b"\x08\x00" or octets[23] != 6:
        return None
    start = 14 + (octets[14] & 15) * 4
    tcp = octets[start:]
    total = int.from_bytes(octets[16:18], "big")
    return Header(
        octets[26:30] + tcp[0:2],
        octets[30:34] + tcp[2:4],
        int.from_bytes(tcp[4:8], "big"),
        int.from_bytes(tcp[8:12], "big"),
        tcp[13],
        14 + total - start - (tcp[12] >> 4) * 4,
    )


def crosses(one: Frame, two: Frame) -> bool:
    """Return whether two frames left both hosts at about the same time.

    What opens or resets a connection is left out, and so is an answer: the
    order of these is proof.
    """
    first, second = header(one.octets), header(two.octets)
    if first is None or second is None or two.time - one.time > MOMENT:
        return False
    if first.source != second.destination or first.destination != second.source:
        return False
    if (first.flags | second.flags) & (SYN | RST):
        return False
    end = first.seq + first.length + (first.flags & FIN)
    return end == first.seq or second.ack != end % (1 << 32)


def swapped(frames: list[Frame], at: int) -> list[Frame]:
    """Return the frames with those at `at` and behind it exchanged, not the times."""
    one, two = frames[at], frames[at + 1]
    return [
        *frames[:at],
        two._replace(time=one.time),
        one._replace(time=two.time),
        *frames[at + 2 :],
    ]


def test_crossing_segments_may_be_swapped(corpus: Path) -> None:
    """In no capture of the corpus does such a swap change an ending or its side."""
    tried, changed = 0, []
    for path in sorted(corpus.glob("*.pcap")):
        frames = list(iterate(path))
        crossing = [
            at for at in range(len(frames) - 1) if crosses(frames[at], frames[at + 1])
        ]
        if not crossing or path.name.split(".")[0] in UNDECIDABLE:
            continue
        usual = [ranked[0][0] for ranked in verdicts(pcap(frames))]
        for at in crossing:
            tried += 1
            found = [ranked[0][0] for ranked in verdicts(pcap(swapped(frames, at)))]
            if found != usual:
                changed.append((path.name, at + 1, usual, found))
    assert changed == []
    assert tried > FEWEST
