"""`lastack ending`: the catalogue of endings, and the page of one."""

import argparse
import sys
from textwrap import fill

from lastack.cli.explain import CLASSES
from lastack.endings import endings, page

NAME = "ending"
HELP = "list the ways a connection can end, or print the page of one"


_NOTATION = (
    "A line of an example is a segment: seconds since the line before, > from the"
    " client or < from the server, tcpdump's flags, first:next(octets)."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ending."""
    parser.add_argument(
        "slug", nargs="?", metavar="ID", help="an ending, unread-data-at-close"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the catalogue or one page; return the exit code."""
    if arguments.slug is None:
        for slug, ending in endings().items():
            print(f"{slug:<26}{ending.title}")
        return 0
    if arguments.slug not in endings():
        from lastack.cli._nearest import near

        print(
            f"lastack ending: {arguments.slug!r}: no such ending{near(arguments.slug)}",
            file=sys.stderr,
        )
        return 2
    ending = endings()[arguments.slug]
    print(f"{ending.slug}: {ending.title}\n")
    print(page(ending.slug).strip())
    print("\n## References\n")
    for reference in ending.references:
        _wrap(f"- {reference}")
    if ending.kernel_reasons:
        _wrap(f"- the kernel's reasons: {', '.join(ending.kernel_reasons)}")
    print()
    _wrap(_NOTATION)
    if ending.mistaken_for:
        _wrap(f"Looks like: {', '.join(ending.mistaken_for)}")
    named = [ending.slug]
    if not ending.good:
        named += [one for one in CLASSES if one in {ending.kind, "any"}]
    _wrap(f"explain --fail-on knows it as: {', '.join(named)}")
    return 0


def _wrap(text: str) -> None:
    print(fill(text, 80, subsequent_indent="  ", break_on_hyphens=False))
