"""`lastack explain`: from a capture to who ended each connection, why, and proof."""

import argparse
import gc
import sys

TYPE_CHECKING = False  # not from typing: explain would wait for it
if TYPE_CHECKING:
    from lastack.diagnosis.diagnosis import Diagnosis
    from lastack.diagnosis.explained import Explained

NAME = "explain"
HELP = "explain how each connection in a capture ended, by whom and why"

ENDS_AT_ONCE = True
"""To free a million connections one by one takes longer than to judge them."""

CLASSES = ("any", "reset", "silence", "refused")

_EPILOG = """\
examples:
  lastack explain capture.pcapng
  lastack explain --all --stream 7 capture.pcapng
  tcpdump -i eth0 -w - tcp | lastack explain -
  lastack explain --jsonl *.pcap.gz | jq .ending

exit codes: 0 done, 1 with --fail-on when one such ending is there, 2 wrong
usage, 3 unreadable capture, 130 interrupted
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of explain."""
    parser.epilog = _EPILOG
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="captures; - is standard input"
    )
    parser.add_argument(
        "-r",
        "--read",
        action="append",
        default=[],
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
        default=10,
        metavar="N",
        help="how many connections of one ending and side to tell (default 10)",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document")
    form.add_argument("--jsonl", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--color",
        "--colour",
        choices=("auto", "always", "never"),
        default="auto",
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


_kept: "list[Explained]" = []
"""What was explained last, kept until the process ends."""


def run(arguments: argparse.Namespace) -> int:
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


def _run(arguments: argparse.Namespace) -> int:
    files = [*arguments.read, *arguments.files]
    if not files:
        return _wrong("name a capture, or - for standard input")
    from lastack.endings import endings

    for slug in arguments.ending or ():
        if slug not in endings():
            return _wrong(f"--ending {slug}: no such ending; lastack ending lists them")
    for wanted in arguments.fail_on or ():
        if wanted not in endings() and wanted not in CLASSES:
            return _wrong(
                f"--fail-on {wanted}: neither an ending nor one of {', '.join(CLASSES)}"
            )
    if files.count("-") > 1:
        return _wrong("standard input can be read once only")

    from lastack.diagnosis.explained import Explained
    from lastack.render.progress import Progress
    from lastack.sources.error import SourceError
    from lastack.sources.read_capture import read_capture

    explained = _kept
    explained.clear()
    unreadable = False
    for name in files:
        try:
            with Progress(name, wanted=not arguments.quiet) as progress:
                read = read_capture(name, progress.moved)
        except SourceError as error:
            unreadable = True
            print(f"lastack: {error}", file=sys.stderr)
            continue
        unreadable |= read.partial
        for line in read.trouble:
            print(f"lastack: {line}", file=sys.stderr)
        explained.append(
            Explained(
                read.name, read.scan, partial=read.partial, trouble=tuple(read.trouble)
            )
        )
    if not explained:
        return 3
    most = max(len(one.connections) for one in explained)
    for number in arguments.stream or ():
        if not 0 <= number < most:
            return _wrong(f"--stream {number}: streams are 0 .. {most - 1}")
    _show(explained, arguments)
    if unreadable:
        return 3
    return 1 if _found(explained, arguments.fail_on or ()) else 0


def _show(explained: "list[Explained]", arguments: argparse.Namespace) -> None:
    def chosen(diagnosis: "Diagnosis") -> bool:
        if arguments.stream and diagnosis.connection.stream not in arguments.stream:
            return False
        return not arguments.ending or diagnosis.first.slug in arguments.ending

    narrowed = bool(arguments.stream or arguments.ending)
    if arguments.json or arguments.jsonl:
        from lastack.render.json import write_document, write_lines

        write = write_document if arguments.json else write_lines
        write(explained, chosen, sys.stdout)
        return
    from lastack.render.colour import wants_colour
    from lastack.render.text import Text

    text = Text(sys.stdout, colour=wants_colour(arguments.color, sys.stdout))
    for one in explained:
        text.capture(
            one,
            chosen,
            everything=arguments.all or narrowed,
            most=sys.maxsize if arguments.all or arguments.stream else arguments.most,
        )


def _found(explained: "list[Explained]", wanted: tuple[str, ...]) -> bool:
    from lastack.endings import endings

    slugs = {slug for one in explained for slug, _ in one.counts}
    bad = {slug for slug in slugs if not endings()[slug].good}
    for name in wanted:
        if name == "any" and bad:
            return True
        if name in slugs or any(endings()[slug].kind == name for slug in bad):
            return True
    return False


def _wrong(message: str) -> int:
    print(f"lastack explain: {message}", file=sys.stderr)
    return 2
