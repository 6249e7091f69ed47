"""Several systems' runs of one scenario side by side: only where they differ.

One row an event, one column a system; in a column is when it happened there, in
seconds, or `-` where it did not:

                                          linux  freebsd  illumos
    client > R. 101 ack 201              0.0811        -        -
    client > F. 101 ack 201                   -   0.0811        -
    ... 14 lines are the same for all

What counts as the same: the same call with the same result, the same segment
(flags, relative numbers, length, window zero or not), the same state; and a
time within 5 ms or 1 %.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from lastack.render.moments import Resumed, moments
from lastack.tcp.events import Call, Sent, SocketState, TimelineEvent
from lastack.tcp.flags import ACK, RST, SYN, flags_text
from lastack.tcp.segment import Address
from lastack.tcp.sequence import distance

_WIDTH: Final = 80
_COLUMN: Final = 9
_LEAST: Final = 30
_SECOND: Final = 1_000_000_000
_SLACK: Final = 5_000_000


@dataclass(slots=True)
class _Row:
    """One event, and when it happened in each story that has it."""

    text: str
    times: dict[str, int] = field(default_factory=dict)

    def same_for(self, systems: Sequence[str]) -> bool:
        """Whether it happened to all of them, at about the same time."""
        times = self.times.values()
        if len(times) < len(systems):
            return False
        least, most = min(times), max(times)
        return most - least <= max(_SLACK, most // 100)


def side_by_side(
    stories: Mapping[str, Iterable[TimelineEvent]], *, width: int = _WIDTH
) -> Iterator[str]:
    """Yield the lines of the comparison; `stories` are timelines by system."""
    systems = list(stories)
    rows: list[_Row] = []
    for system, events in stories.items():
        rows = _merged(rows, system, _told(events))
    longest = max((len(it.text) for it in rows if not it.same_for(systems)), default=0)
    room = min(width - _COLUMN * len(systems), max(longest + 1, _LEAST))
    yield " " * room + "".join(f"{name:>{_COLUMN}}" for name in systems)
    same = 0
    for row in rows:
        if row.same_for(systems):
            same += 1
            continue
        if same:
            yield _same(same)
            same = 0
        cells = "".join(f"{_cell(row.times.get(it)):>{_COLUMN}}" for it in systems)
        yield f"{_fitted(row.text, room)}{cells}"
    if same:
        yield _same(same)


def _same(count: int) -> str:
    return f"... {count} {'line is' if count == 1 else 'lines are'} the same for all"


def _cell(time: int | None) -> str:
    """The time in at most 8 characters."""
    if time is None:
        return "-"
    seconds = time / _SECOND
    return f"{seconds:.{4 if seconds < 100 else 1}f}"


def _fitted(text: str, room: int) -> str:
    """Pad `text` to `room` characters; of a long call only the socket is shown."""
    if len(text) >= room:
        text = re.sub(r"\((\w+), .*\)", r"(\1)", text)
    return f"{text if len(text) < room else text[: room - 2] + '~':<{room}}"


def _merged(
    rows: list[_Row], system: str, told: Sequence[tuple[int, str]]
) -> list[_Row]:
    """Put one more story beside those that are there, each line by its like."""
    texts = [text for _, text in told]
    match = SequenceMatcher(a=[row.text for row in rows], b=texts, autojunk=False)
    merged: list[_Row] = []
    for kind, a1, a2, b1, b2 in match.get_opcodes():
        if kind == "equal":
            for row, (time, _) in zip(rows[a1:a2], told[b1:b2], strict=True):
                row.times[system] = time
                merged.append(row)
            continue
        fresh = [_Row(text, {system: time}) for time, text in told[b1:b2]]
        merged += sorted(rows[a1:a2] + fresh, key=lambda it: min(it.times.values()))
    return merged


def _told(events: Iterable[TimelineEvent]) -> list[tuple[int, str]]:
    """Return what the programs and the wire's two ends could see, with its time."""
    told: list[tuple[int, str]] = []
    origins: dict[tuple[Address, Address], int] = {}
    hosts: dict[str, str] = {}
    for _, event in moments(events):
        if isinstance(event, Resumed):
            event = event.call
        if isinstance(event, Call):
            who = "" if event.process == event.host else f"[{event.process}]"
            text = f"{event.host}{who} {event.name}({event.arguments}) = {event.result}"
            told.append((event.time + event.duration, text))
        elif isinstance(event, SocketState):
            told.append((event.time, f"{event.host} {event.state}"))
        elif isinstance(event, Sent) and event.where != "wire":
            source = hosts.setdefault(event.segment.source.host, event.where)
            if source == event.where:
                told.append((event.time, _segment(event, origins)))
    return told


def _segment(sent: Sent, origins: dict[tuple[Address, Address], int]) -> str:
    segment = sent.segment
    ends = segment.source, segment.destination
    if segment.flags & SYN:
        origins[ends] = segment.seq
    origin = origins.setdefault(ends, segment.seq)
    seq = distance(origin, segment.seq)
    text = f"{sent.where} > {flags_text(segment.flags)} {seq}"
    if segment.payload:
        text += f":{seq + len(segment.payload)}"
    if segment.flags & ACK:
        peer = origins.setdefault(ends[::-1], segment.ack)
        text += f" ack {distance(peer, segment.ack)}"
    if not segment.window and not segment.flags & RST:
        text += " win 0"
    return text
