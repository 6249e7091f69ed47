"""Verdicts as text for people: one screen first, then each bad ending, proved."""

import textwrap
from collections import Counter
from collections.abc import Callable

from lastack.connections.seen import Seen
from lastack.connections.story import Exhibit, duration
from lastack.diagnosis.diagnosis import Diagnosis
from lastack.diagnosis.explained import Explained
from lastack.endings import endings
from lastack.render.colour import BOLD, CYAN, DIM, GREEN, RED, YELLOW, paint
from lastack.tcp.flags import ACK, FIN, RST, SYN, flags_text
from lastack.tcp.sequence import MODULUS
from lastack.wire.address import address_text

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from typing import IO

WIDTH = 80
_WORTH_A_WORD = 0.02


class Text:
    """Writes explained captures to a stream, at most 80 columns wide."""

    def __init__(self, out: "IO[str]", *, colour: bool) -> None:
        self._out = out
        self._colour = colour

    def capture(
        self,
        explained: Explained,
        choice: Callable[[Diagnosis], bool],
        *,
        everything: bool,
        most: int,
    ) -> None:
        """Write the table of one capture, then the connections to be told."""
        self._head(explained)
        self._table(explained)
        told: Counter[tuple[str, str]] = Counter()
        for stream in explained.streams(
            lambda judgement: everything or not endings()[judgement.first.slug].good
        ):
            first = explained.judgements[stream].first
            kind = (first.slug, first.by)
            if told[kind] >= most:
                continue
            diagnosis = explained.diagnosis(stream)
            if choice(diagnosis):
                told[kind] += 1
                self.diagnosis(diagnosis)
        for (slug, by), count in told.items():
            more = explained.counts[slug, by] - count
            if more and count == most:
                self._line("")
                see = f"see --ending {slug} --all"
                self._wrap(f"... {more} more: {slug} by {by}; {see}")

    def diagnosis(self, diagnosis: Diagnosis) -> None:
        """Write one connection: sentence, proof, what was seen, what to do."""
        connection = diagnosis.connection
        ends = [
            f"{address_text(connection.version, high, low)}:{port}"
            if connection.version == 4
            else f"[{address_text(connection.version, high, low)}]:{port}"
            for high, low, port in (
                (connection.high0, connection.low0, connection.port0),
                (connection.high1, connection.low1, connection.port1),
            )
        ]
        client, server = ends if connection.client == 0 else reversed(ends)
        title = f"{diagnosis.ending.title}"
        first = diagnosis.first
        colour = GREEN if diagnosis.ending.good else RED
        self._line("")
        head = f"stream {connection.stream}  {client} > {server}"
        self._line(
            paint(f"-- {title} (by: {first.by}) ", BOLD, colour, colour=self._colour)
            + paint(
                "-" * max(2, WIDTH - len(title) - len(first.by) - 11),
                DIM,
                colour=self._colour,
            )
        )
        self._wrap(head, CYAN)
        if not connection.client_known:
            self._wrap("The capture has no SYN: which side is the client is a guess.")
        self._wrap(diagnosis.summary)
        self._line("")
        for exhibit in diagnosis.evidence:
            self._exhibit(diagnosis, exhibit)
        if diagnosis.evidence:
            self._line("")
        for side in ("client", "server"):
            self._wrap(f"The {side} saw: {diagnosis.application_saw[side]}")
        self._wrap(self._how_sure(diagnosis))
        if diagnosis.settle_it:
            self._wrap(f"To settle it: {diagnosis.settle_it}")
        self._wrap(f"To do: {diagnosis.ending.remedy}")
        if diagnosis.notes:
            self._wrap(f"Also: {', '.join(diagnosis.notes)}")
        self._wrap(f"Wireshark: {diagnosis.filter}")
        self._wrap(f"More: lastack ending {first.slug}")

    def _head(self, explained: Explained) -> None:
        scan = explained.scan
        count = len(explained.connections)
        bad = sum(
            number
            for (slug, _), number in explained.counts.items()
            if not endings()[slug].good
        )
        ends = "1 connection" if count == 1 else f"{count} connections"
        well = "none ended badly" if not bad else f"{bad} did not end well"
        if count == 0:
            well = "no TCP in it" if scan.frames else "it is empty"
        span = duration(scan.last_time - scan.first_time) if scan.frames else "0 s"
        self._wrap(
            f"{explained.name}: {scan.frames} frames in {span}, {ends}; {well}"
            + (" (partial: see above)" if explained.partial else ""),
            BOLD,
        )

    def _table(self, explained: Explained) -> None:
        if not explained.counts:
            return
        rows = sorted(
            explained.counts.items(),
            key=lambda row: (endings()[row[0][0]].good, -row[1], row[0]),
        )
        self._line("")
        self._line(paint(f"{'count':>9}  {'ending':<26}by", DIM, colour=self._colour))
        for (slug, by), count in rows:
            name = paint(
                f"{slug:<26}",
                GREEN if endings()[slug].good else YELLOW,
                colour=self._colour,
            )
            self._line(f"{count:>9}  {name}{by}")

    def _exhibit(self, diagnosis: Diagnosis, exhibit: Exhibit) -> None:
        start = f"{exhibit.frame:>7}  "
        if exhibit.seen is not None:
            since = exhibit.seen.time - diagnosis.connection.first_time
            line = segment_line(diagnosis, exhibit.seen)
            wrapped = textwrap.wrap(
                f"{since / 1e9:+.6f} {line}",
                WIDTH,
                initial_indent=start,
                subsequent_indent=" " * 11,
            )
            for part in wrapped:
                self._line(part)
            start = " " * 11
        for part in textwrap.wrap(
            exhibit.says, WIDTH, initial_indent=start, subsequent_indent=" " * 11
        ):
            self._line(paint(part, DIM, colour=self._colour))

    def _how_sure(self, diagnosis: Diagnosis) -> str:
        sure = f"How sure: {percent(diagnosis.first.probability)}."
        others = [
            f"{one.slug} by {one.by} ({percent(one.probability)})"
            for one in diagnosis.alternatives
            if one.probability >= _WORTH_A_WORD
        ]
        if others:
            sure += f" It could be {', '.join(others)}."
        return sure

    def _wrap(self, text: str, *codes: str) -> None:
        for line in textwrap.wrap(
            text, WIDTH, subsequent_indent="  ", break_on_hyphens=False
        ):
            self._line(paint(line, *codes, colour=self._colour and bool(codes)))

    def _line(self, text: str) -> None:
        self._out.write(text + "\n")


def percent(probability: float) -> str:
    """Return a probability in percent, never rounded up to a certainty."""
    if probability >= 0.995:
        return "> 99 %"
    if probability < 0.01:
        return "< 1 %"
    return f"{probability * 100:.0f} %"


def segment_line(diagnosis: Diagnosis, seen: Seen) -> str:
    """Return the segment as tcpdump prints it, numbers relative to the SYNs."""
    connection = diagnosis.connection
    ends = [
        (connection.high0, connection.low0, connection.port0),
        (connection.high1, connection.low1, connection.port1),
    ]
    names = [
        f"{address_text(connection.version, high, low)}.{port}"
        for high, low, port in ends
    ]
    protocol = "IP" if connection.version == 4 else "IP6"
    parts = [f"Flags [{flags_text(seen.flags)}]"]
    seq, ack = seen.seq % MODULUS, seen.ack % MODULUS
    if seen.length:
        parts.append(f"seq {seq}:{seq + seen.length}")
    elif seen.flags & (FIN | SYN | RST):
        parts.append(f"seq {seq}")
    if seen.flags & ACK:
        parts.append(f"ack {ack}")
    parts.append(f"win {seen.window}")
    parts.append(f"length {seen.length}")
    return f"{protocol} {names[seen.side]} > {names[1 - seen.side]}: {', '.join(parts)}"
