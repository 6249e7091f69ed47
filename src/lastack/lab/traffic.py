"""The segments of a run at each vantage, read once and kept by their two ends."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from lastack.lab.capture import Frames
from lastack.lab.frames import segment_of
from lastack.tcp.segment import Address, Segment

Ends = frozenset[Address]


class Traffic:
    """The segments of a run: a judge asks for each of its connections many times."""

    def __init__(self, frames: Mapping[str, Frames]) -> None:
        self._at: Final = {vantage: _by_ends(here) for vantage, here in frames.items()}
        self.vantages: Final = frozenset(frames)

    def between(self, ends: Ends, vantage: str) -> list[Segment]:
        """Return the segments between two ends at a vantage, in order of time."""
        return self._at[vantage].get(ends, [])

    def apart_from(self, ends: Ends, vantage: str) -> Iterator[Segment]:
        """Yield the segments of all other connections there, one after the other."""
        return chain.from_iterable(
            segments for others, segments in self._at[vantage].items() if others != ends
        )

    def ends(self, vantage: str) -> Iterable[Ends]:
        """Return the two ends of every connection that a vantage saw."""
        return self._at[vantage].keys()


def _by_ends(frames: Frames) -> dict[Ends, list[Segment]]:
    found: dict[Ends, list[Segment]] = {}
    for when, frame in frames:
        if (segment := segment_of(when, frame)) is not None:
            ends = frozenset((segment.source, segment.destination))
            found.setdefault(ends, []).append(segment)
    return found
