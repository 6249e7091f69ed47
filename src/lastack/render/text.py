"""Verdicts as text for people: one screen first, then each bad ending, proved."""

from collections.abc import Sequence

from lastack.connections.connection import Connection
from lastack.connections.seen import Seen
from lastack.connections.sent import octets_sent
from lastack.connections.story import Exhibit, duration, octets
from lastack.diagnosis.diagnosis import Diagnosis
from lastack.diagnosis.explained import Explained
from lastack.endings import endings
from lastack.render.chosen import (
    Choice,
    Row,
    first_of_each_row,
    of_many_servers,
    rows,
    streams,
)
from lastack.render.claim import NOBODY, claimed, percent
from lastack.render.clock import clock
from lastack.render.colour import BOLD, CYAN, DIM, GREEN, RED, YELLOW, paint
from lastack.render.ends import ends_text
from lastack.render.one_line import one_line
from lastack.render.wrap import wrapped
from lastack.tcp.flags import ACK, FIN, RST, SYN, flags_text
from lastack.tcp.sequence import MODULUS
from lastack.wire.address import address_text

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from typing import IO

    from lastack.connections.part import Part

WIDTH = 80
_WORTH_A_WORD = 0.02
_MOST_PARTS = 8
_IN_A_LINE = 10
_INDENT = 2
_KEPT = "\N{NO-BREAK SPACE}"
"""A space at which no line is broken; written as an ordinary one."""
_IN_WORDS = {ord(character): "" for character in "/._-+"}
"""What a shell takes for part of a word, beside letters and digits."""


class Text:
    """Writes explained captures to a stream, at most 80 columns wide."""

    def __init__(self, out: "IO[str]", *, colour: bool) -> None:
        self._out = out
        self._colour = colour
        self._parts: Sequence[Part] = ()
        self._begun = False

    def capture(
        self,
        explained: Explained,
        choice: Choice,
        *,
        everything: bool,
        most: int | None,
        path: str = "",
        parts: "Sequence[Part]" = (),
    ) -> None:
        """Write the table of one capture, then the connections to be told.

        Of each row of the table `most` are told in full, some more in a line each,
        and the rest is counted; all in full and in their order if it is None.
        By its `path`, if that is given, the capture can be read again. `parts` are
        the files of a rotated one: then each frame is shown by its number in its
        file.
        """
        if self._begun:
            self._line("")
        self._begun = True
        self._parts = parts
        self._head(explained)
        self._table(explained)
        told = False
        if most is None:
            for stream in streams(explained, choice, everything=everything):
                told = True
                self.diagnosis(explained.diagnosis(stream))
        elif most:
            shown = most + _IN_A_LINE
            found = first_of_each_row(explained, choice, shown, everything=everything)
            told = bool(found)
            for row in filter(found.__contains__, rows(explained)):
                self._row(explained, row, found[row], most, path)
        if most != 0 and not told and explained.connections:
            self._line("")
            self._wrap(
                "No connection is such."
                if everything
                else "Nothing ended badly; --all tells of every connection."
            )

    def _row(
        self,
        explained: Explained,
        row: Row,
        shown: Sequence[int],
        most: int,
        path: str,
    ) -> None:
        """Write the connections of one row of the table: `most` in full."""
        in_full, in_a_line = of_many_servers(explained, shown, most)
        for stream in in_full:
            self.diagnosis(explained.diagnosis(stream))
        if not in_a_line:
            return
        slug, by = row
        self._line("")
        self._title(slug, by, f", {len(in_a_line)} more")
        for stream in in_a_line:
            connection = explained.connections[stream]
            self._wrap(one_line(connection, explained.judgement(stream)), CYAN)
        left = explained.counts[row] - len(shown)
        if left:
            self._wrap(f"and {left} more: {_to_tell_all(path, slug)}")

    def diagnosis(self, diagnosis: Diagnosis) -> None:
        """Write one connection: sentence, proof, what was seen, what to do."""
        connection = diagnosis.connection
        first = diagnosis.first
        self._line("")
        self._title(first.slug, first.by)
        self._wrap(f"stream {connection.stream}  {ends_text(connection)}", CYAN)
        self._wrap(_extent(diagnosis), DIM)
        if not connection.client_known:
            self._wrap("The capture has no SYN: which side is the client is a guess.")
        self._wrap(diagnosis.summary)
        self._line("")
        self._evidence(diagnosis)
        for side in ("client", "server"):
            self._wrap(f"The {side} saw: {diagnosis.application_saw[side]}")
        self._wrap(_how_sure(diagnosis))
        if diagnosis.settle_it:
            self._wrap(f"To settle it: {diagnosis.settle_it}")
        self._wrap(f"To do: {_remedy(diagnosis)}")
        if diagnosis.notes:
            self._wrap(f"Also: {', '.join(diagnosis.notes)}")
        self._icmp(diagnosis)
        self._filters(diagnosis)
        self._wrap(f"More: lastack ending {first.slug}")

    def _title(self, slug: str, by: str, often: str = "") -> None:
        ending = endings()[slug]
        side = "" if by in NOBODY else f" (by: {by})"
        title = f"-- {ending.title}{side}{often} "
        colour = GREEN if ending.good else RED
        rule = "-" * max(2, WIDTH - len(title))
        self._line(
            paint(title, BOLD, colour, colour=self._colour)
            + paint(rule, DIM, colour=self._colour)
        )

    def _head(self, explained: Explained) -> None:
        scan = explained.scan
        count = len(explained.connections)
        bad = sum(
            number
            for (slug, _), number in explained.counts.items()
            if not endings()[slug].good
        )
        well = "none ended badly" if not bad else f"{bad} did not end well"
        if count == 0:
            well = "no TCP in it" if scan.frames else "no packet in it"
        span = duration(scan.last_time - scan.first_time) if scan.frames else "0 s"
        self._wrap(
            f"{explained.name}: {counted(scan.frames, 'frame')} in {span},"
            f" {counted(count, 'connection')}; {well}"
            + (" (only a part could be read)" if explained.partial else ""),
            BOLD,
        )
        if len(self._parts) > _MOST_PARTS:
            self._line(f"  {len(self._parts)} files, read as one")
        else:
            for part in self._parts:
                for line in _wrapped(part.name, "  ", "    "):
                    self._line(line)
        if explained.surroundings.filtered:
            self._wrap(
                "Every segment in it has SYN, FIN or RST: a capture filter hid the"
                " rest, and with it much of the proof."
            )

    def _table(self, explained: Explained) -> None:
        if not explained.counts:
            return
        self._line("")
        self._line(paint(f"{'count':>9}  {'ending':<26}by", DIM, colour=self._colour))
        for slug, by in rows(explained):
            count = explained.counts[slug, by]
            name = paint(
                f"{slug:<26}",
                GREEN if endings()[slug].good else YELLOW,
                colour=self._colour,
            )
            self._line(f"{count:>9}  {name}{by}")

    def _evidence(self, diagnosis: Diagnosis) -> None:
        shown = None
        for exhibit in diagnosis.evidence:
            part = self._part(exhibit.frame)
            if part is not None and part is not shown:
                self._wrap(f"in {part.name}:", DIM)
                shown = part
            self._exhibit(diagnosis, exhibit)
        if diagnosis.evidence:
            self._line("")

    def _exhibit(self, diagnosis: Diagnosis, exhibit: Exhibit) -> None:
        connection = diagnosis.connection
        time_text, line, says = "", "", exhibit.says
        icmp = connection.icmp
        if exhibit.seen is not None:
            time_text = _since(connection, exhibit.seen.time)
            line = segment_line(diagnosis, exhibit.seen)
            for word in ("Flags", "seq", "ack", "win", "length"):
                line = line.replace(f"{word} ", f"{word}{_KEPT}")
        elif icmp is not None and icmp.frame == exhibit.frame:
            time_text = _since(connection, icmp.time)
            box = address_text(connection.version, icmp.high, icmp.low)
            line, says = f"{box} says: {says}", ""
        start = f"{self._number(exhibit.frame):>7}  "
        if line:
            for part in _wrapped(f"{time_text} {line}", start, " " * 11):
                self._line(part)
            start = " " * 11
        if says:
            for part in _wrapped(says, start, " " * 11):
                self._line(paint(part, DIM, colour=self._colour))

    def _icmp(self, diagnosis: Diagnosis) -> None:
        """Name a router that complained, where the verdict rests on other proof."""
        connection = diagnosis.connection
        error = connection.icmp
        frames = [one.frame for one in diagnosis.evidence]
        if error is None or error.frame in frames:
            return
        from lastack.render.icmp import icmp_words

        count = connection.icmp_count
        part = self._part(error.frame)
        where = f"frame {self._number(error.frame)}"
        if part is not None:
            where += f" of {part.name}"
        if count > 1:
            where = f"the first in {where}"
        box = address_text(connection.version, error.high, error.low)
        words = icmp_words(connection.version, error.kind, error.code)
        self._wrap(f"{counted(count, 'ICMP error')}, {where}: {box} says: {words}")

    def _filters(self, diagnosis: Diagnosis) -> None:
        frames = [one.frame for one in diagnosis.evidence]
        if not self._parts:
            self._wrap(f"Wireshark: {diagnosis.filter}")
        elif not frames:
            self._wrap(f"Wireshark, after mergecap -a: {diagnosis.filter}")
        for part in self._parts:
            inside = [frame for frame in frames if self._part(frame) is part]
            if inside:
                numbers = ", ".join(str(self._number(frame)) for frame in inside)
                self._wrap(f"Wireshark, {part.name}: frame.number in {{{numbers}}}")

    def _part(self, frame: int) -> "Part | None":
        """Return the file that a frame is in, None if there is but one."""
        if not self._parts:
            return None
        from lastack.connections.part import part_of

        return part_of(self._parts, frame)

    def _number(self, frame: int) -> int:
        """Return the number of a frame in its file."""
        part = self._part(frame)
        return frame if part is None else frame - part.before

    def _wrap(self, text: str, *codes: str) -> None:
        for line in _wrapped(text, "", " " * _INDENT):
            self._line(paint(line, *codes, colour=self._colour and bool(codes)))

    def _line(self, text: str) -> None:
        self._out.write(text + "\n")


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """Return the lines of `text`, the first and the others indented so."""
    return [line.replace(_KEPT, " ") for line in wrapped(text, WIDTH, first, others)]


def _to_tell_all(path: str, slug: str) -> str:
    """Return the command, or what to add to it where that could not be pasted."""
    command = f"add --ending {slug}"
    if path:
        whole = f"lastack explain {_shell_word(path)} --ending {slug}"
        if len(whole) <= WIDTH - _INDENT:
            command = whole
    return command.replace(" ", _KEPT)


def _shell_word(path: str) -> str:
    """Return a path as one word of a shell's command line.

    Most are one as they stand; to ask `shlex`, which loads `re` and `enum`, would
    take as long as to write all the rest.
    """
    if path.isascii() and path.translate(_IN_WORDS).isalnum():
        return path
    from shlex import quote

    return quote(path)


def _extent(diagnosis: Diagnosis) -> str:
    """Return when the connection began, how long it took, and what was sent."""
    connection = diagnosis.connection
    story = diagnosis.story
    lasted = duration(connection.last_time - connection.first_time)
    if connection.frames < 2:
        lasted = counted(connection.frames, "frame")
    client = octets(octets_sent(story.client))
    server = octets(octets_sent(story.server))
    return (
        f"{clock(connection.first_time)}, {lasted.replace(' ', _KEPT)};"
        f" client sent {client.replace(' ', _KEPT)},"
        f" server {server.replace(' ', _KEPT)}"
    )


def counted(count: int, noun: str) -> str:
    """Return `1 frame` or `N frames`."""
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def _since(connection: Connection, when: int) -> str:
    return f"{(when - connection.first_time) / 1e9:+.6f}"


def _how_sure(diagnosis: Diagnosis) -> str:
    sure = f"How sure: {percent(diagnosis.first.probability)}."
    others = [
        f"{claimed(one.slug, one.by)} ({percent(one.probability)})"
        for one in diagnosis.alternatives
        if one.probability >= _WORTH_A_WORD
    ]
    if others:
        sure += f" It could also be {', '.join(others)}."
    return sure.replace(" %", f"{_KEPT}%").replace("> ", f">{_KEPT}")


def _remedy(diagnosis: Diagnosis) -> str:
    remedy = diagnosis.ending.remedy
    return "nothing." if remedy == "Nothing to do." else remedy


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
