"""One line of a trace in packetdrill's notation, read from left to right.

What the notation is, `lastack.tcp.notation` says.
"""

import re
from dataclasses import dataclass
from typing import Final

from lastack.tcp import flags as bits
from lastack.tcp.flags import parse_flags
from lastack.tcp.icmp import IcmpError, icmp_names
from lastack.tcp.segment import Address, Options, Segment
from lastack.tcp.sequence import add

_32: Final = (1 << 32) - 1
_16: Final = (1 << 16) - 1


@dataclass(frozen=True, slots=True)
class WrittenSegment:
    """A segment as a line writes it: numbers relative, ends not yet known.

    `direction` is `>` or `<`; `ip_id` is None where the line leaves it open.
    """

    direction: str
    flags: int
    seq: int
    length: int
    ack: int | None
    window: int
    options: Options
    ttl: int = 64
    ip_id: int | None = None
    dont_fragment: bool = True
    tos: int = 0

    def absolute(
        self,
        time: int,
        ends: tuple[Address, Address],
        origins: tuple[int, int],
        ip_id: int,
    ) -> Segment:
        """Return the segment from `ends[0]` to `ends[1]` at `time` nanoseconds.

        `origins` is what counts as 0 of the sender's and of the receiver's
        sequence numbers; `ip_id` is taken where the line has none.
        """
        options = Options(
            self.options.mss,
            self.options.window_scale,
            self.options.sack_permitted,
            self.options.timestamp,
            tuple(
                (add(left, origins[1]), add(right, origins[1]))
                for left, right in self.options.sack
            ),
        )
        return Segment(
            time,
            *ends,
            self.flags,
            add(self.seq, origins[0]),
            0 if self.ack is None else add(self.ack, origins[1]),
            self.window,
            bytes(self.length),
            options,
            self.ttl,
            ip_id if self.ip_id is None else self.ip_id,
            self.dont_fragment,
            self.tos,
        )


@dataclass(frozen=True, slots=True)
class WrittenError:
    """An ICMP error as a line writes it; `reporter` is empty for the peer."""

    name: str
    mtu: int
    reporter: str

    def about(self, time: int, quoted: Segment) -> IcmpError:
        """Return the error that quotes `quoted`.

        Raises ValueError where ICMP of its IP version has no such error.
        """
        version = 6 if ":" in quoted.source.host else 4
        names = icmp_names(version)
        numbered = re.fullmatch(r"type (\d+) code (\d+)", self.name)
        if numbered:
            numbers = (int(numbered[1]), int(numbered[2]))
        elif self.name in names:
            numbers = names[self.name]
        else:
            raise ValueError(
                f"ICMP of IPv{version} has no {self.name!r};"
                f" it has {', '.join(sorted(names))}"
            )
        reporter = self.reporter or quoted.destination.host
        return IcmpError(time, reporter, *numbers, quoted, self.mtu)


@dataclass(frozen=True, slots=True)
class Written:
    """What a line says: `segment` came, or `error` quoted it.

    `time` is in nanoseconds, after the line before where `relative`.
    """

    time: int
    relative: bool
    segment: WrittenSegment
    error: WrittenError | None


class TraceLine:
    """Reads a line. All that is wrong is a ValueError that says where."""

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.text = text.partition("//")[0].rstrip()
        self.at = 0

    def blank(self) -> bool:
        """Return whether the line says nothing."""
        return not self.text.strip()

    def read(self) -> Written:
        """Return what the line says."""
        time, relative = self.time()
        error = None
        if self.accept(r"icmp\b"):
            error = self.icmp_error()
            self.expect(r"\[", "`[` and the segment that the ICMP error quotes")
            segment = self.segment()
            self.expect(r"\]", "`]`")
        else:
            segment = self.segment()
        self.expect(r"$", "the end of the line")
        return Written(time, relative, segment, error)

    # ---- the parts of a line ------------------------------------------------

    def time(self) -> tuple[int, bool]:
        """Read `+0.1` or `0.1`, in seconds."""
        found = self.expect(
            r"(\+?)(\d{0,9})(?:\.(\d{1,9}))?(?!\S)", "a time like +0.1 or 0.1"
        )
        if not found[2] and not found[3]:
            raise self.error("a time like +0.1 or 0.1", found.start())
        time = int(found[2] or 0) * 1_000_000_000 + int((found[3] or "0").ljust(9, "0"))
        return time, bool(found[1])

    def segment(self) -> WrittenSegment:
        """Read `< P. 1:101(100) ack 1 win 512 <nop,nop,TS val 1 ecr 2> {ttl 63}`."""
        direction = self.expect(r"[<>]", "a direction, > or <, or icmp")[0]
        found = self.expect(r"[FSRPUEWe.]+|-|none\b", "flags like S, P. or -")
        flags = 0 if found[0] == "-" else parse_flags(found[0])
        seq, length = self.sequence()
        ack = None
        if self.accept(r"ack\b"):
            ack = self.count("an acknowledgement number", _32)
        elif flags & bits.ACK:
            raise self.error("`ack` and a number, since the flags have a dot")
        window = 0 if flags & bits.RST else 512
        if self.accept(r"win\b"):
            window = self.count("a window", _16)
        options = Options()
        if self.accept(r"<"):
            options = self.options()
        ip: dict[str, int] = {}
        if self.accept(r"\{"):
            ip = self.ip()
        return WrittenSegment(
            direction,
            flags,
            seq,
            length,
            ack,
            window,
            options,
            ip.get("ttl", 64),
            ip.get("id"),
            bool(ip.get("df", 1)),
            ip.get("tos", 0),
        )

    def sequence(self) -> tuple[int, int]:
        """Read `1:101(100)`: the first number and the length."""
        what = "a sequence range like 1:101(100)"
        found = self.expect(r"(\d{1,10}):(\d{1,10})\((\d{1,5})\)", what)
        seq, end, length = (int(number) for number in found.groups())
        if seq > _32 or length > _16:
            raise self.error(
                "numbers below 2**32 and a length below 2**16", found.start()
            )
        if end != add(seq, length):
            raise self.error(f"{seq}:{add(seq, length)}({length})", found.start())
        return seq, length

    def options(self) -> Options:
        """Read `mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>`."""
        mss = scale = None
        permitted = False
        timestamp = None
        sack: list[tuple[int, int]] = []
        while True:
            name = self.expect(
                r"(mss|nop|sackOK|wscale|TS|sack|eol)\b",
                "an option: mss, nop, sackOK, wscale, TS, sack or eol",
            )[0]
            if name == "mss":
                mss = self.count("a segment size", _16)
            elif name == "wscale":
                scale = self.count("a shift count", 255)
            elif name == "sackOK":
                permitted = True
            elif name == "TS":
                self.expect(r"val\b", "`val`")
                value = self.count("a timestamp", _32)
                self.expect(r"ecr\b", "`ecr`")
                timestamp = (value, self.count("a timestamp", _32))
            elif name == "sack":
                sack.append(self.block())
                while self.ahead(r"\d"):
                    sack.append(self.block())
            if not self.accept(r","):
                self.expect(r">", "`,` and an option, or `>`")
                return Options(mss, scale, permitted, timestamp, tuple(sack))

    def block(self) -> tuple[int, int]:
        """Read a SACK block, `101:201`."""
        left = self.count("a SACK block like 101:201", _32)
        self.expect(r":", "`:`")
        return left, self.count("the end of a SACK block", _32)

    def ip(self) -> dict[str, int]:
        """Read `ttl 63, id 0, df, tos 0x10}`."""
        fields: dict[str, int] = {}
        while True:
            name = self.expect(r"(ttl|id|df|nodf|tos)\b", "ttl, id, df, nodf or tos")[0]
            if name == "df" or name == "nodf":
                fields["df"] = int(name == "df")
            else:
                fields[name] = self.count(
                    f"a number for {name}", _16 if name == "id" else 255
                )
            if not self.accept(r","):
                self.expect(r"\}", "`,` and a field of IP, or `}`")
                return fields

    def icmp_error(self) -> WrittenError:
        """Read `unreachable frag_needed mtu 1400 from 203.0.113.1`."""
        names = sorted({*icmp_names(4), *icmp_names(6)})
        pattern = "|".join(re.escape(name).replace(r"\ ", " +") for name in names)
        pattern += r"|type +\d{1,3} +code +\d{1,3}"
        found = self.expect(rf"({pattern})\b", "an ICMP error, like unreachable host")
        mtu = self.count("an MTU", _16) if self.accept(r"mtu\b") else 0
        reporter = ""
        if self.accept(r"from\b"):
            reporter = self.expect(r"[0-9A-Fa-f.:]+", "a numeric IP address")[0]
        return WrittenError(" ".join(found[0].split()), mtu, reporter)

    # ---- reading ------------------------------------------------------------

    def count(self, what: str, most: int) -> int:
        """Read a number of 0..`most`, decimal or with 0x."""
        found = self.expect(r"0x[0-9A-Fa-f]{1,8}\b|\d{1,10}\b", what)
        number = int(found[0], 0) if found[0].startswith("0x") else int(found[0])
        if number > most:
            raise self.error(f"{what} of at most {most}", found.start())
        return number

    def expect(self, pattern: str, what: str) -> re.Match[str]:
        """Read what `pattern` matches, after blanks."""
        found = self.accept(pattern)
        if found is None:
            raise self.error(what)
        return found

    def accept(self, pattern: str) -> re.Match[str] | None:
        """Read what `pattern` matches, after blanks, if it does."""
        found = self.ahead(pattern)
        if found is not None:
            self.at = found.end()
        return found

    def ahead(self, pattern: str) -> re.Match[str] | None:
        """Skip blanks; return what `pattern` matches there."""
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        return re.compile(pattern).match(self.text, self.at)

    def error(self, what: str, at: int | None = None) -> ValueError:
        """Return the error that says that `what` was expected at `at`."""
        at = self.at if at is None else at
        rest = self.text[at : at + 30]
        found = repr(rest) if rest else "the end of the line"
        return ValueError(
            f"line {self.number}, column {at + 1}: expected {what}, found {found}"
        )
