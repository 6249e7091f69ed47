"""Reads packetdrill's language: times, calls, segments, ICMP, `%{ }%`, backticks.

The grammar is that of packetdrill's parser.y as far as scripts about endings use
it. A line may go on in the next; comments are those of C, and `#`.
"""

from typing import Final

from lastack.sim.packetdrill.reader import Reader
from lastack.sim.packetdrill.script import (
    TOLERANCE,
    Anything,
    Argument,
    Call,
    Clock,
    Code,
    Command,
    Event,
    IcmpError,
    Packet,
    Script,
    Symbol,
    When,
)
from lastack.tcp.flags import ACK, RST, parse_flags
from lastack.tcp.segment import Options

_32: Final = (1 << 32) - 1
_16: Final = (1 << 16) - 1
_SECOND: Final = 1_000_000_000
_TIME: Final = r"\d{1,9}(?:\.(?!\.)\d{0,9})?|\.\d{1,9}"
_DEEPEST: Final = 8
_LONGEST: Final = 1 << 20
_ICMP: Final = {
    "port_unreachable": "port-unreachable",
    "host_unreachable": "host-unreachable",
    "net_unreachable": "net-unreachable",
    "admin_prohibited": "admin-prohibited",
}


def parse(text: str) -> Script:
    """Return the script; raises ScriptError, which knows line and column."""
    reader = Reader(text)
    if len(text) > _LONGEST:
        raise reader.refuse("a script of more than a megabyte is not read", 0)
    tolerance = TOLERANCE
    while reader.ahead(r"--"):
        tolerance = _option(reader, tolerance)
    events: list[Event] = []
    while not reader.finished():
        events.append(_event(reader, first=not events))
    return Script(text, tuple(events), tolerance)


def _option(reader: Reader, tolerance: int) -> int:
    """Read `--tolerance_usecs=10000`; what changes nothing here is passed over."""
    at = reader.at
    found = reader.expect(
        r"--(\w+)(?:=(\S+))?", "an option like --tolerance_usecs=4000"
    )
    name, value = found[1], found[2] or ""
    if name == "tolerance_usecs":
        if not value.isdecimal() or len(value) > 9:
            raise reader.refuse("--tolerance_usecs takes a number of microseconds", at)
        return int(value) * 1000
    if (name, value) in {("ip_version", "ipv4"), ("mtu", "1500")}:
        return tolerance
    if name == "mss" and value.isdecimal():
        return tolerance  # for segments that packetdrill makes up; here none is
    raise reader.refuse(f"--{name} is not known here; --tolerance_usecs is", at)


def _event(reader: Reader, *, first: bool) -> Event:
    reader.skip()
    at = reader.read = reader.at
    if first and reader.ahead("`"):
        return Event(at, reader.at, When(Clock.START), _command(reader))
    when = _when(reader)
    if when.returns is not None and not reader.ahead(r"[a-z_0-9]+\s*\("):
        raise reader.error("a call, since only calls take time (`...`)")
    what = _what(reader)
    return Event(at, reader.at, when, what)


def _when(reader: Reader) -> When:
    """Read `+0.1`, `0.1`, `+0.1~+0.2`, `+0...0.5` or `*`."""
    what = "a time: +0.1, 0.1, +0.1~+0.2 or *"
    if reader.accept(r"\*"):
        return When(Clock.ANY)
    found = reader.expect(rf"(\+?)\s*({_TIME})", what)
    clock = Clock.BEFORE if found[1] else Clock.START
    begins = _nanoseconds(found[2])
    if reader.accept(r"\.\.\."):
        ends = _nanoseconds(reader.expect(_TIME, "when the call returns")[0])
        if ends < begins:
            raise reader.refuse("the call returns before it begins", found.start())
        return When(clock, begins, returns=ends)
    if reader.accept("~"):
        found = reader.expect(rf"(\+?)\s*({_TIME})", "the end of the range of times")
        if bool(found[1]) != (clock is Clock.BEFORE):
            raise reader.refuse("both ends of a range have a +, or none", found.start())
        ends = _nanoseconds(found[2])
        if ends < begins:
            raise reader.refuse(
                "the range of times ends before it begins", found.start()
            )
        return When(clock, begins, ends)
    return When(clock, begins)


def _nanoseconds(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole or 0) * _SECOND + int((rest or "0").ljust(9, "0"))


def _what(reader: Reader) -> Call | Packet | IcmpError | Code | Command:
    if reader.ahead("`"):
        return _command(reader)
    at = reader.at
    if reader.accept(r"%\{"):
        start = reader.at
        end = reader.text.find("}%", start)
        if end < 0:
            raise reader.refuse("`%{` has no `}%`", at)
        reader.at = reader.read = end + 2
        return Code(reader.text[start:end], start)
    if reader.ahead(r"[<>]"):
        return _packet(reader)
    if reader.ahead(r"\w+\s*\("):
        return _call(reader)
    raise reader.error("a call, a segment (< or >), `%{`, or a command in backticks")


def _command(reader: Reader) -> Command:
    at = reader.at
    reader.expect("`", "a backtick")
    end = reader.text.find("`", reader.at)
    if end < 0:
        raise reader.refuse("the command in backticks has no end", at)
    text = reader.text[reader.at : end]
    reader.at = reader.read = end + 1
    return Command(text.strip(), at)


# Segments --------------------------------------------------------------------


def _packet(reader: Reader) -> Packet | IcmpError:
    inbound = reader.expect(r"[<>]", "< or >")[0] == "<"
    if reader.accept(r"icmp\b"):
        return _icmp(reader, inbound=inbound)
    if reader.ahead(r"udp\b|ipv4\b|ipv6\b|gre\b|mpls\b|\[|\("):
        raise reader.error("a TCP segment; other packets are not known here")
    found = reader.expect(r"[FSRPUEWe.]+(?![\w.])|-(?=\s)", "flags like S, P. or -")
    flags = 0 if found[0] == "-" else parse_flags(found[0])
    seq, length = _sequence(reader)
    ack = None
    if reader.accept(r"ack\b"):
        ack = _number(reader, "an acknowledgement number", _32)
    elif flags & ACK:
        raise reader.error("`ack` and a number, since the flags have a dot")
    window = None
    if reader.accept(r"win\b"):
        window = _number(reader, "a window", _16)
    elif inbound and not flags & RST:
        raise reader.error("`win` and a number, since a segment that arrives has one")
    options: Options | None = Options()
    # After the options may stand nothing of this event; `<` with a flag is the
    # next one's direction, which has a time before it.
    if reader.accept(r"<\s*\.\.\.\s*>"):
        if inbound:
            raise reader.error("options, since a segment that arrives has them")
        options = None
    elif reader.accept("<"):
        options = _options(reader)
    return Packet(inbound, flags, seq, length, ack, window, options)


def _sequence(reader: Reader) -> tuple[int, int]:
    what = "a sequence range like 1:101(100)"
    found = reader.expect(r"(\d{1,10}):(\d{1,10})\((\d{1,5})\)", what)
    seq, end, length = (int(number) for number in found.groups())
    if seq > _32 or length > _16:
        raise reader.error(
            "numbers below 2**32 and a length below 2**16", found.start()
        )
    if end != (seq + length) & _32:
        want = f"{seq}:{(seq + length) & _32}({length})"
        raise reader.error(want, found.start())
    return seq, length


def _options(reader: Reader) -> Options:
    mss = scale = None
    permitted = False
    timestamp = None
    sack: list[tuple[int, int]] = []
    while True:
        name = reader.expect(
            r"(mss|nop|sackOK|wscale|TS|sack|eol|EOL|NOP)\b",
            "an option: mss, nop, sackOK, wscale, TS, sack or eol",
        )[0]
        if name == "mss":
            mss = _number(reader, "a segment size", _16)
        elif name == "wscale":
            scale = _number(reader, "a shift count", 14)
        elif name == "sackOK":
            permitted = True
        elif name == "TS":
            reader.expect(r"val\b", "`val`")
            value = _number(reader, "a timestamp", _32)
            reader.expect(r"ecr\b", "`ecr`")
            timestamp = (value, _number(reader, "a timestamp", _32))
        elif name == "sack":
            while found := reader.accept(r"(\d{1,10}):(\d{1,10})"):
                sack.append((int(found[1]) & _32, int(found[2]) & _32))
            if not sack:
                raise reader.error("a block like 101:201")
        if not reader.accept(","):
            reader.expect(">", "`,` and an option, or `>`")
            return Options(mss, scale, permitted, timestamp, tuple(sack))


def _icmp(reader: Reader, *, inbound: bool) -> IcmpError:
    at = reader.at
    if not inbound:
        raise reader.refuse("ICMP errors can only arrive (<)", at)
    reader.expect(r"unreachable\b", "`unreachable`")
    found = reader.expect(r"\w+", f"one of {', '.join(sorted(_ICMP))}")
    if found[0] not in _ICMP:
        raise reader.error(f"one of {', '.join(sorted(_ICMP))}", found.start())
    seq = 0
    if reader.accept(r"\["):
        seq, _ = _sequence(reader)
        reader.expect(r"\]", "`]`")
    return IcmpError(_ICMP[found[0]], seq)


def _number(reader: Reader, what: str, most: int) -> int:
    found = reader.expect(r"0x[0-9A-Fa-f]{1,8}\b|\d{1,10}\b", what)
    number = int(found[0], 16) if found[0].startswith("0x") else int(found[0])
    if number > most:
        raise reader.error(f"{what} of at most {most}", found.start())
    return number


# Calls -----------------------------------------------------------------------


def _call(reader: Reader) -> Call:
    """Read `name(arguments) = result`, with errno's name after -1."""
    name = reader.expect(r"\w+", "a call")[0]
    reader.expect(r"\(", "`(`")
    arguments = []
    if not reader.accept(r"\)"):
        while True:
            arguments.append(_argument(reader, 0))
            if not reader.accept(","):
                reader.expect(r"\)", "`,` and an argument, or `)`")
                break
    reader.expect("=", "`=` and the result")
    if reader.accept(r"\.\.\.|\?|\*"):
        return Call(name, tuple(arguments), None)
    found = reader.expect(r"(-?)(0x[0-9A-Fa-f]{1,8}|\d{1,10})", "a result")
    result = int(found[2], 0 if found[2].startswith("0x") else 10)
    result = -result if found[1] else result
    errno = ""
    if result == -1:
        errno = reader.expect(r"E[A-Z0-9]+\b", "the errno's name after -1")[0]
    reader.accept(r"\([^)\n]*\)")  # strerror()'s text, or the names of flags
    return Call(name, tuple(arguments), result, errno)


def _argument(reader: Reader, depth: int) -> Argument:
    reader.skip()
    at = reader.at
    if depth > _DEEPEST:
        raise reader.refuse("arguments are nested too deeply", at)
    if reader.accept(r"\.\.\."):
        return Argument(at, Anything())
    if found := reader.accept(r"(-?)(0x[0-9A-Fa-f]{1,16}|\d{1,18})\b"):
        number = int(found[2], 0 if found[2].startswith("0x") else 10)
        return Argument(at, -number if found[1] else number)
    if found := reader.accept(r'"((?:[^"\\\n]|\\.)*)"'):
        return Argument(at, found[1])
    if reader.accept(r"\["):
        return Argument(at, _list(reader, depth))
    if reader.accept(r"\{"):
        return Argument(at, _fields(reader, depth))
    if found := reader.accept(r"(htons|inet_addr)\s*\("):
        inner = _argument(reader, depth + 1)
        reader.expect(r"\)", "`)`")
        return Argument(at, inner.value)
    if found := reader.accept(r"[A-Za-z_]\w*(?:\s*\|\s*[A-Za-z_]\w*)*"):
        names = tuple(name.strip() for name in found[0].split("|"))
        return Argument(at, Symbol(names))
    raise reader.error("an argument")


def _list(reader: Reader, depth: int) -> list[Argument]:
    found: list[Argument] = []
    if reader.accept(r"\]"):
        return found
    while True:
        found.append(_argument(reader, depth + 1))
        if not reader.accept(","):
            reader.expect(r"\]", "`,` or `]`")
            return found


def _fields(reader: Reader, depth: int) -> dict[str, Argument]:
    found: dict[str, Argument] = {}
    while True:
        name = reader.expect(r"[a-z_]\w*", "a field's name")[0]
        reader.expect("=", "`=`")
        found[name] = _argument(reader, depth + 1)
        if not reader.accept(","):
            reader.expect(r"\}", "`,` or `}`")
            return found
