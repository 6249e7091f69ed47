"""`lastack lab`: endings on the real kernel, with the truth beside the verdict."""

import argparse
import sys
from pathlib import Path
from typing import Final

from lastack import scenarios
from lastack.cli._entry import entry
from lastack.cli._quantities import positive
from lastack.cli._refusal import refuse, trouble

NAME: Final = "lab"
HELP: Final = "play endings on the real kernel, with the truth beside the verdict"

_JOBS: Final = 8
_NO_OPTIONS: Final = "\0"
"""No option begins so: `run` takes all words, and reads them once it knows NAME."""

_EPILOG: Final = """\
examples:
  lastack lab run delayed-close
  lastack lab run linger-expires --linger 2 --delay 50ms --pcap captures
  lastack lab run --all
  lastack lab corpus DIR --connections 500 --seed 7; lastack lab score DIR

exit codes: 0 as the truth says, 1 not so, 2 wrong usage, 130 interrupted
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `list`, `run`, `corpus` and `score`."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    commands = parser.add_subparsers(dest="do", required=True, metavar="COMMAND")
    commands.add_parser("list", help="the scenarios, a line each")
    run_parser = commands.add_parser(
        "run",
        help="play a scenario, or all, and show what happened",
        prefix_chars=_NO_OPTIONS,
        add_help=False,
    )
    run_parser.add_argument("words", nargs=argparse.REMAINDER)
    corpus = commands.add_parser("corpus", help="write captures whose truth is known")
    corpus.add_argument(
        "folder", type=Path, metavar="DIR", help="the captures, and labels.tsv"
    )
    corpus.add_argument(
        "--connections",
        type=positive,
        default=500,
        metavar="N",
        help="about so many (default %(default)s)",
    )
    corpus.add_argument(
        "--seed",
        type=int,
        default=1,
        metavar="N",
        help="of scenarios, sizes, times (default %(default)s)",
    )
    corpus.add_argument(
        "--jobs",
        type=positive,
        default=_JOBS,
        metavar="N",
        help="so many at once (default %(default)s)",
    )
    score = commands.add_parser("score", help="compare the verdicts with the truth")
    score.add_argument("folder", type=Path, metavar="DIR", help="made by lab corpus")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0 if all was as its truth says, 1 if not, 2 for a wrong request."""
    if arguments.do == "list":
        return _list()
    try:
        if arguments.do == "run":
            from lastack.cli._lab_run import run_words

            return run_words(arguments.words)
        if arguments.do == "corpus":
            from lastack.cli._lab_corpus import corpus

            return corpus(arguments)
        from lastack.cli._lab_corpus import score

        return score(arguments.folder)
    except BrokenPipeError:
        raise  # whoever read has enough; cli ends quietly
    except OSError as error:
        return refuse(trouble(error))
    except LookupError as error:
        return refuse(str(error.args[0]))
    except KeyboardInterrupt:
        print("lastack: interrupted; the lab has left nothing behind", file=sys.stderr)
        return 130


def _list() -> int:
    slugs = scenarios.names()
    widest = max(map(len, slugs))
    for slug in slugs:
        title = scenarios.page(slug).partition("\n")[0]
        if obstacle := scenarios.load(slug).not_in_lab:
            title += f" (not here: {obstacle})"
        print(entry(slug, title, widest))
    return 0
