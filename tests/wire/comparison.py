"""Frames read by `Packet` and by Wireshark, side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lastack.wire.packet import Packet
from tests.wire.oracle import NOTHING, Reading, Record, decoded, wireshark, write


def records(octets: Sequence[bytes]) -> list[Record]:
    return [Record(frame, len(frame)) for frame in octets]


class Compared:
    """Compares both sides' readings of one capture."""

    def __init__(self, tshark: str, folder: Path) -> None:
        self.tshark = tshark
        self.folder = folder

    def __call__(
        self,
        link: int,
        frames: Sequence[Record],
        *,
        without: frozenset[str] = frozenset(),
    ) -> list[Reading]:
        """Assert that each frame reads alike but for `without`; return ours."""
        path = write(self.folder / "frames.pcap", link, frames)
        theirs = wireshark(self.tshark, path)
        ours = decoded(Packet(), link, frames)
        assert len(theirs) == len(ours)
        for number, (expected, actual) in enumerate(zip(theirs, ours, strict=True), 1):
            blank: dict[str, Any] = (
                dict.fromkeys(without) if expected != NOTHING else {}
            )
            assert (number, expected._replace(**blank)) == (
                number,
                actual._replace(**blank),
            )
        return ours
