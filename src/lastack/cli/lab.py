"""`lastack lab`: endings on the real kernel, with the truth beside the verdict."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lastack import scenarios
from lastack.cli._entry import entry
from lastack.tcp.scenario import Scenario, Wire

if TYPE_CHECKING:
    from lastack.lab.laboratory import Laboratory
    from lastack.lab.opinions import Opinion
    from lastack.lab.run import Run
    from lastack.scenarios import Parameter

NAME: Final = "lab"
HELP: Final = "play endings on the real kernel, with the truth beside the verdict"

_JOBS: Final = 8
_NO_OPTIONS: Final = "\0"
"""No option begins so: `run` takes all words, and reads them once it knows NAME."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `list`, `run`, `corpus` and `score`."""
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
    corpus.add_argument("folder", type=Path, metavar="DIR")
    corpus.add_argument("--connections", type=int, default=500, metavar="N")
    corpus.add_argument("--seed", type=int, default=1, metavar="N")
    corpus.add_argument("--jobs", type=int, default=_JOBS, metavar="N")
    score = commands.add_parser("score", help="compare the verdicts with the truth")
    score.add_argument("folder", type=Path, metavar="DIR")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0 if all was as its truth says, 1 if not, 2 for a wrong request."""
    try:
        if arguments.do == "list":
            return _list()
        if arguments.do == "run":
            return _run(arguments.words)
        if arguments.do == "corpus":
            return _corpus(arguments)
        return _score(arguments.folder)
    except (LookupError, ValueError, OSError) as error:
        return _refuse(str(error.args[0] if error.args else error))
    except KeyboardInterrupt:
        print("lastack: interrupted; the lab has left nothing behind", file=sys.stderr)
        return 130


def _refuse(why: str) -> int:
    print(f"lastack: {why}", file=sys.stderr)
    return 2


def _missing_extra() -> bool:
    try:
        import pyroute2  # noqa: F401
    except ModuleNotFoundError:
        return True
    return False


def _list() -> int:
    slugs = scenarios.names()
    widest = max(map(len, slugs))
    for slug in slugs:
        title = scenarios.page(slug).partition("\n")[0]
        scenario = scenarios.load(slug)
        mark = " (-)" if scenario.not_in_lab else ""
        print(entry(slug, title + mark, widest))
    return 0


# lab run -----------------------------------------------------------------------


def _common_options() -> argparse.ArgumentParser:
    from lastack.lab.options import probability, seconds

    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    common.add_argument("--all", action="store_true", help="every scenario")
    common.add_argument("--delay", type=seconds, help="one way, as 50ms")
    common.add_argument("--jitter", type=seconds, help="more delay, at random")
    common.add_argument("--loss", type=probability, help="of segments, as 1%%")
    common.add_argument("--duplicate", type=probability, help="of segments, as 1%%")
    common.add_argument("--seed", type=int, default=0, help="of what is at random")
    common.add_argument("--ipv6", action="store_true", help="IPv6")
    common.add_argument("--no-timestamps", action="store_true", help="without RFC 7323")
    common.add_argument("--pcap", type=Path, metavar="DIR", help="keep the captures")
    common.add_argument("--json", action="store_true", help="one JSON document")
    common.add_argument("--jobs", type=int, default=_JOBS, help="at once, with --all")
    return common


def _run(words: Sequence[str]) -> int:
    common = _common_options()
    parser = argparse.ArgumentParser(
        "lastack lab run", parents=[common], allow_abbrev=False, add_help=False
    )
    parser.add_argument("name", nargs="?", metavar="NAME")
    options, _ = parser.parse_known_args(words)
    given: dict[str, Parameter] = {}
    if options.name is None or options.all:
        usage = argparse.ArgumentParser("lastack lab run", parents=[common])
        usage.add_argument("name", nargs="?", metavar="NAME", help="a scenario")
        usage.parse_args(words)
        if not options.all:
            return _refuse("name a scenario, or --all (lastack lab list)")
    else:
        given = _parameters(options.name, common, words)
    if _missing_extra():
        return _refuse("the lab needs pyroute2: pip install 'lastack[lab]'")
    from lastack.lab.namespaces import NotPermittedError

    try:
        if options.all:
            return asyncio.run(_run_all(options))
        return asyncio.run(_run_one(options, given))
    except NotPermittedError as error:
        return _refuse(str(error))


def _parameters(
    name: str, common: argparse.ArgumentParser, words: Sequence[str]
) -> "dict[str, Parameter]":
    """Read the scenario's own parameters, which are options of their own."""
    from lastack.lab.options import like

    scenario = scenarios.load(name)
    page = scenarios.page(name)
    parser = argparse.ArgumentParser(
        f"lastack lab run {name}",
        parents=[common],
        allow_abbrev=False,
        description=page,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME")
    own = parser.add_argument_group("the scenario's own")
    known = scenarios.parameters(scenario)
    for parameter, default in known.items():
        own.add_argument(
            f"--{parameter.replace('_', '-')}",
            dest=f"own_{parameter}",
            metavar=str(default),
            help=argparse.SUPPRESS if parameter in vars(common) else None,
        )
    read = vars(parser.parse_args(words))
    return {
        parameter: like(default, read[f"own_{parameter}"])
        for parameter, default in known.items()
        if read[f"own_{parameter}"] is not None
    }


def _wire(scenario: Scenario, options: argparse.Namespace) -> Wire:
    changes = {
        name: value
        for name, value in (
            ("delay", options.delay),
            ("jitter", options.jitter),
            ("loss", options.loss),
            ("duplication", options.duplicate),
        )
        if value is not None
    }
    return replace(scenario.wire, **changes)


def _as_named(scenario: Scenario, options: argparse.Namespace) -> bool:
    return _wire(scenario, options) == scenario.wire and not options.no_timestamps


async def _play(
    lab: "Laboratory",
    scenario: Scenario,
    options: argparse.Namespace,
    given: "dict[str, Parameter]",
    *,
    watch: bool,
) -> "Run":
    return await lab.play(
        scenario,
        [scenarios.steps_of(scenario, **given)],
        wire=_wire(scenario, options),
        ipv6=options.ipv6,
        timestamps=not options.no_timestamps,
        seed=options.seed,
        watch=watch,
        strict=not given and _as_named(scenario, options),
    )


async def _run_one(options: argparse.Namespace, given: "dict[str, Parameter]") -> int:
    from lastack.lab.laboratory import Laboratory

    scenario = scenarios.load(options.name)
    if scenario.not_in_lab:
        return _refuse(f"{scenario.slug} does not run here: {scenario.not_in_lab}")
    async with Laboratory.opened() as lab:
        played = await _play(lab, scenario, options, given, watch=True)
    with tempfile.TemporaryDirectory(prefix="lastack-lab-") as temporary:
        said, silence = _asked(played, options.pcap or Path(temporary))
    if options.json:
        print(json.dumps(_document(played, said), indent=2))
    else:
        _show(played, said, silence)
    return 1 if played.disagreements else 0


def _asked(played: "Run", folder: Path) -> "tuple[dict[str, list[Opinion]], str]":
    """Return what explain says at each vantage, or why it says nothing."""
    from lastack.lab.captures import write_captures
    from lastack.lab.opinions import NoOpinionError, opinions

    written = write_captures(played, folder, played.scenario.slug)
    said: dict[str, list[Opinion]] = {}
    try:
        for vantage, path in written.items():
            said[vantage] = list(opinions([path]))
    except NoOpinionError as error:
        return {}, str(error)
    return said, ""


def _show(played: "Run", said: "dict[str, list[Opinion]]", silence: str) -> None:
    from lastack.render.timeline import timeline_lines

    print(f"{played.scenario.slug}: {scenarios.page(played.scenario.slug)}\n")
    names = {label.client: label.connection for label in played.labels}
    for line in timeline_lines(played.events, names=names):
        print(line)
    if not played.kernel_spoke:
        print("\nThe kernel's reasons are not here: reading its trace needs root.")
    for label in played.labels:
        reasons = ", ".join(dict.fromkeys(map(str, label.reasons)))
        print(
            f"\n{label.connection}: {label.client} > {label.server}\n"
            f"  truth   {label.truth.ending} by {label.truth.by}"
            f"{f' (kernel: {reasons})' if reasons else ''}"
        )
        for vantage, verdicts in said.items():
            for opinion in verdicts:
                if {opinion.client, opinion.server} == {label.client, label.server}:
                    ending, by, confidence = opinion.ranked[0]
                    print(f"  {vantage:<7} {ending} by {by}, {confidence:.0%}")
    if silence:
        print(f"\nexplain: {silence}")
    for disagreement in played.disagreements:
        print(f"\nREFUSED: {disagreement}")


def _document(played: "Run", said: "dict[str, list[Opinion]]") -> dict[str, object]:
    from lastack.tcp.events import Sent

    events = []
    for event in played.events:
        row: dict[str, object] = {"event": type(event).__name__.lower()}
        fields = asdict(event)
        if isinstance(event, Sent):
            fields["segment"]["payload"] = len(event.segment.payload)
        events.append(row | fields)
    return {
        "scenario": played.scenario.slug,
        "wire": asdict(played.wire),
        "kernel_spoke": played.kernel_spoke,
        "events": events,
        "counters": played.counters,
        "connections": [
            {
                "name": label.connection,
                "client": str(label.client),
                "server": str(label.server),
                "ending": label.truth.ending,
                "by": label.truth.by,
                "kernel_reasons": [str(it) for it in label.reasons],
            }
            for label in played.labels
        ],
        "explain": {
            vantage: [asdict(it) for it in verdicts]
            for vantage, verdicts in said.items()
        },
        "disagreements": played.disagreements,
    }


async def _run_all(options: argparse.Namespace) -> int:
    from lastack.lab.laboratory import Laboratory

    chosen = [scenarios.load(slug) for slug in scenarios.names()]
    able = [it for it in chosen if not it.not_in_lab]
    gate = asyncio.Semaphore(options.jobs)
    bad = 0
    for scenario in chosen:
        if scenario.not_in_lab:
            print(f"-       {scenario.slug}: {scenario.not_in_lab}")
    async with Laboratory.opened() as lab, asyncio.TaskGroup() as group:

        async def one(scenario: Scenario) -> "Run":
            async with gate:
                return await _play(lab, scenario, options, {}, watch=False)

        for playing in [group.create_task(one(it)) for it in able]:
            played = await playing
            slug = played.scenario.slug
            if options.pcap:
                from lastack.lab.captures import write_captures

                write_captures(played, options.pcap, slug)
            bad += bool(played.disagreements)
            truth = ", ".join(
                f"{it.truth.ending} by {it.truth.by}" for it in played.labels
            )
            verdict = "REFUSED" if played.disagreements else "ok"
            print(f"{verdict:<7} {slug}  {played.seconds:.1f} s  {truth}")
            for disagreement in played.disagreements:
                print(f"        {disagreement}")
    print(
        f"{len(able) - bad} as their truth says, {bad} not, "
        f"{len(chosen) - len(able)} not run here"
    )
    return 1 if bad else 0


# lab corpus, lab score -----------------------------------------------------------


def _corpus(arguments: argparse.Namespace) -> int:
    if _missing_extra():
        return _refuse("the lab needs pyroute2: pip install 'lastack[lab]'")
    from lastack.lab.corpus import Tally, write_corpus
    from lastack.lab.namespaces import NotPermittedError

    def told(tally: Tally) -> None:
        if sys.stderr.isatty():
            done, refused = tally.labelled.total(), tally.refused.total()
            print(f"\r{done} connections, {refused} refused", end="", file=sys.stderr)

    arguments.folder.mkdir(parents=True, exist_ok=True)
    try:
        tally = asyncio.run(
            write_corpus(
                arguments.folder,
                arguments.connections,
                arguments.seed,
                arguments.jobs,
                told,
            )
        )
    except NotPermittedError as error:
        return _refuse(str(error))
    if sys.stderr.isatty():
        print(file=sys.stderr)
    for slug, count in tally.refused.most_common():
        print(f"refused {count} of {slug}: {tally.reasons[slug]}")
    print(
        f"{tally.labelled.total()} connections labelled, "
        f"{tally.refused.total()} refused, in {arguments.folder}"
    )
    return 0


def _score(folder: Path) -> int:
    from lastack.diagnosis.score import scoreboard
    from lastack.lab.opinions import NoOpinionError
    from lastack.lab.score import CorpusError, scores

    try:
        found = scores(folder)
    except (CorpusError, NoOpinionError) as error:
        return _refuse(str(error))
    print(scoreboard(found.items()))
    confusion: Counter[tuple[str, str]] = Counter()
    for score in found.values():
        confusion += score.confusion()
    if confusion:
        print("\nnot right, all vantages: how often, truth, verdict")
    for (truth, said), count in confusion.most_common():
        print(f"{count:>6}  {truth}  {said}")
    worst = [
        (vantage, one)
        for vantage, score in found.items()
        for one in score.outcomes
        if one.confident_and_wrong
    ]
    groups: dict[tuple[str, str, str], list[str]] = {}
    for vantage, one in worst:
        capture, _, slug = one.name.partition(" ")
        key = slug, one.truth.truth, f"{one.said} at the {vantage}"
        groups.setdefault(key, []).append(capture)
    if groups:
        print("\nsure and wrong: how often, scenario, truth, verdict, one capture")
    for (slug, truth, said), captures in groups.items():
        print(f"{len(captures):>6}  {slug}: {truth}, not {said} ({captures[0]})")
    return 1 if worst else 0
