"""`lastack explain`: from a capture to who ended each connection, why, and proof."""

import gc
import sys

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lastack.cli._interruption import Interruption
    from lastack.connections.part import Part
    from lastack.diagnosis.explained import Explained
    from lastack.diagnosis.judge import Judgement
    from lastack.sources.read_capture import Read

NAME = "explain"
HELP = "explain how each connection in a capture ended, by whom and why"

ENDS_AT_ONCE = True
"""To free a million connections one by one takes longer than to judge them."""

IN_FULL = 3
"""So many connections of one ending and side are told in full by default."""

CLASSES = ("any", "reset", "silence", "refused")

_EPILOG = """\
examples:
  lastack explain capture.pcapng
  lastack explain --all --stream 7 capture.pcapng
  tcpdump -i eth0 -w - tcp | lastack explain -
  lastack explain --jsonl *.pcap.gz | jq .ending
  lastack explain --merge ring.pcap0 ring.pcap1 ring.pcap2

exit codes: 0 done, 1 with --fail-on when one such ending is there, 2 wrong
usage, 3 unreadable capture, 130 interrupted
"""


class Arguments:
    """What explain is asked: without an option, this."""

    def __init__(self, files: list[str]) -> None:
        self.files = files
        self.read: list[str] = []
        self.all = False
        self.stream: list[int] = []
        self.ending: list[str] = []
        self.most: int | None = None
        self.merge = False
        self.json = False
        self.jsonl = False
        self.color = "auto"
        self.fail_on: list[str] = []
        self.quiet = False


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of explain."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="captures; - is standard input"
    )
    parser.add_argument(
        "-r",
        "--read",
        action="append",
        metavar="FILE",
        help="a capture, as tcpdump takes it",
    )
    parser.add_argument(
        "--all", action="store_true", help="show connections that ended well, too"
    )
    parser.add_argument(
        "--stream",
        type=int,
        action="append",
        metavar="N",
        help="only this connection, by its tcp.stream; repeatable",
    )
    parser.add_argument(
        "--ending", action="append", metavar="ID", help="only this ending; repeatable"
    )
    parser.add_argument(
        "--most",
        type=int,
        metavar="N",
        help="how many connections of one ending and side to tell in full"
        " (default 3; all with --all or --ending)",
    )
    parser.add_argument(
        "--merge",
        action="store_true",
        help="the files are parts of one rotated capture (tcpdump -C or -G): read"
        " them as one; JSON numbers frames and streams as mergecap -a would",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document")
    form.add_argument("--jsonl", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--color",
        "--colour",
        choices=("auto", "always", "never"),
        help="colour the output (default: on a terminal)",
    )
    parser.add_argument(
        "--fail-on",
        action="append",
        metavar="CLASS",
        help=f"exit 1 if such an ending is there: an ending, or {', '.join(CLASSES)}",
    )
    parser.add_argument(
        "--quiet", action="store_true", help="no progress on standard error"
    )
    parser.set_defaults(**vars(Arguments([])))


_kept: "list[Explained]" = []
"""What was explained last, kept until the process ends."""


def run(arguments: Arguments) -> int:
    """Explain the captures; return the exit code."""
    collects = gc.isenabled()
    # All that is read stays until the end, and nothing here makes cycles: to look
    # for garbage in a million connections would take as long as to read them.
    gc.disable()
    try:
        return _run(arguments)
    finally:
        if collects:
            gc.enable()


def _run(arguments: Arguments) -> int:
    files = [*arguments.read, *arguments.files]
    if not files:
        return _wrong("name a capture, or - for standard input")
    from lastack.endings import endings

    for slug in arguments.ending:
        if slug not in endings():
            from lastack.cli._nearest import near

            return _wrong(f"--ending {slug!r}: no such ending{near(slug)}")
    for wanted in arguments.fail_on:
        if wanted not in endings() and wanted not in CLASSES:
            from lastack.cli._nearest import near

            return _wrong(
                f"--fail-on {wanted!r}: neither an ending nor one of"
                f" {', '.join(CLASSES)}{near(wanted)}"
            )
    if files.count("-") > 1:
        return _wrong("standard input can be read once only")
    if arguments.merge and "-" in files:
        return _wrong("--merge reads files twice, and standard input can be once only")
    if arguments.most is not None and arguments.most < 0:
        return _wrong(f"--most {arguments.most}: a number from 0 on")
    if min(arguments.stream, default=0) < 0:
        return _wrong(f"--stream {min(arguments.stream)}: streams begin with 0")

    _kept.clear()
    found = False
    partial = False
    unread: list[tuple[str, str]] = []
    longest = -1
    write = None if arguments.json else _writer(arguments)
    interruption = None
    if "-" in files:
        from lastack.cli._interruption import Interruption

        interruption = Interruption()
    for one, parts in _read(files, arguments, interruption):
        if isinstance(one, _Unread):
            unread.append((one.name, one.says))
            continue
        partial |= one.partial
        found |= _found(one, arguments.fail_on)
        longest = max(longest, len(one.connections))
        if write is None:
            _kept.append(one)
        else:
            # One capture at a time: ten of a gigabyte do not fit together.
            _kept[:] = [one]
            if _has_stream(one, arguments):
                write(one, parts)
    interrupted = interruption is not None and interruption.happened
    if longest < 0:
        return 130 if interrupted else 3
    if arguments.stream and max(arguments.stream) >= longest:
        number = max(arguments.stream)
        last = f"streams are 0 .. {longest - 1}" if longest else "there are none"
        return _wrong(f"--stream {number}: {last}")
    if write is None:
        from lastack.render.json import write_document

        write_document(_kept, _choice(arguments), sys.stdout, unread)
    if interrupted:
        return 130
    if partial or unread:
        return 3
    return 1 if found else 0


class _Unread:
    """A file that cannot be read, and why."""

    def __init__(self, name: str, says: str) -> None:
        self.name = name if name.isprintable() else ascii(name)
        self.says = says


def _read(
    files: list[str],
    arguments: Arguments,
    interruption: "Interruption | None",
) -> "Iterator[tuple[Explained | _Unread, Sequence[Part]]]":
    """Yield each capture judged, or that it cannot be read.

    What is wrong with a file is told on standard error.
    """
    from lastack.render.progress import Progress
    from lastack.sources.error import SourceError

    if arguments.merge:
        from lastack.sources.rotated import read_rotated

        name = f"{len(files)} files" if len(files) > 1 else files[0]
        try:
            with Progress(name, wanted=not arguments.quiet) as progress:
                merged, parts = read_rotated(files, progress.moved)
        except SourceError as error:
            _complain(str(error))
            return
        one = _explain(merged)
        if parts:
            yield one, parts
        return
    from lastack.sources.read_capture import read_capture

    rotation = None
    if len(files) > 1:
        from lastack.sources.rotated import Rotation

        rotation = Rotation()
    for name in files:
        try:
            with Progress(name, wanted=not arguments.quiet) as progress:
                if name == "-" and interruption is not None:
                    with interruption:
                        read = read_capture(name, progress.moved)
                else:
                    read = read_capture(name, progress.moved)
        except SourceError as error:
            _complain(str(error))
            yield _Unread(name, str(error)), ()
            continue
        if rotation is not None:
            rotation.take(read)
        yield _explain(read), ()
    if rotation is not None and rotation.continued and not arguments.quiet:
        _complain(rotation.says)


def _explain(read: "Read") -> "Explained":
    """Return a capture judged, once what was wrong with it is told."""
    from lastack.diagnosis.explained import Explained

    one = Explained(
        read.name, read.scan, partial=read.partial, trouble=tuple(read.trouble)
    )
    for line in one.trouble:
        _complain(line)
    return one


def _has_stream(one: "Explained", arguments: Arguments) -> bool:
    """Return whether a capture has one of the streams that were asked for, if any."""
    if not arguments.stream:
        return True
    return any(number < len(one.connections) for number in arguments.stream)


def _choice(arguments: Arguments) -> "Callable[[int, Judgement], bool]":
    """Return what says whether a connection was asked for."""
    streams = frozenset(arguments.stream)
    slugs = frozenset(arguments.ending)

    def chosen(stream: int, judgement: "Judgement") -> bool:
        return (not streams or stream in streams) and (
            not slugs or judgement.first.slug in slugs
        )

    return chosen


def _writer(
    arguments: Arguments,
) -> "Callable[[Explained, Sequence[Part]], None]":
    """Return what writes one capture, as text or as lines of JSON."""
    choice = _choice(arguments)
    if arguments.jsonl:
        from lastack.render.json import write_lines

        return lambda one, _: write_lines([one], choice, sys.stdout)
    from lastack.render.colour import wants_colour
    from lastack.render.text import Text

    text = Text(sys.stdout, colour=wants_colour(arguments.color, sys.stdout))
    whole = bool(arguments.all or arguments.stream or arguments.ending)
    named = {*arguments.read, *arguments.files}  # not: standard input, or escaped
    most = arguments.most
    if most is None and not whole:
        most = IN_FULL
    return lambda one, parts: text.capture(
        one,
        choice,
        everything=whole,
        most=None if arguments.stream else most,
        path=one.name if one.name in named else "",
        parts=parts,
    )


def _found(one: "Explained", wanted: "Iterable[str]") -> bool:
    from lastack.endings import endings

    slugs = {slug for slug, _ in one.counts}
    bad = {slug for slug in slugs if not endings()[slug].good}
    for name in wanted:
        if name == "any" and bad:
            return True
        if name in slugs or any(endings()[slug].kind == name for slug in bad):
            return True
    return False


def _complain(line: str) -> None:
    print(f"lastack: {line}", file=sys.stderr)


def _wrong(message: str) -> int:
    print(f"lastack explain: {message}", file=sys.stderr)
    return 2
