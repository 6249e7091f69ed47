"""`lastack lab run`: a scenario, or all, on the real kernel, and what came of it."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lastack import scenarios
from lastack.cli._refusal import REFUSED, lab_is_missing, refuse
from lastack.tcp.scenario import Scenario, Wire

if TYPE_CHECKING:
    from lastack.lab.laboratory import Laboratory
    from lastack.lab.opinions import Opinion
    from lastack.lab.run import Run
    from lastack.lab.truth import Label
    from lastack.scenarios import Parameter

JOBS: Final = 8
_ATTEMPTS: Final = 3
_LATE_S: Final = 0.02
_SILENT_KERNEL: Final = (
    "The kernel's reasons are not here: reading its trace needs root."
)


def run_words(words: Sequence[str]) -> int:
    """Play what `words` ask for; return the exit code.

    They are read in two steps, since the options of a scenario are its own.
    """
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
        if (options.name is None) == (not options.all):
            return refuse("name one scenario, or --all (lastack lab list)")
    else:
        given = _parameters(options.name, common, words)
    if lab_is_missing():
        return REFUSED
    from lastack.lab.namespaces import NotPermittedError

    try:
        if options.all:
            return asyncio.run(_run_all(options))
        return asyncio.run(_run_one(options, given))
    except NotPermittedError as error:
        return refuse(str(error))


def _common_options() -> argparse.ArgumentParser:
    from lastack.lab.options import positive, probability, seconds

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
    common.add_argument(
        "--jobs", type=positive, default=JOBS, help="at once, with --all"
    )
    return common


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
            type=partial(like, default),
            help=argparse.SUPPRESS if parameter in vars(common) else None,
        )
    read = vars(parser.parse_args(words))
    return {
        parameter: read[f"own_{parameter}"]
        for parameter in known
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
    """Play it, and again where a busy machine may be why it was not as it should."""
    for attempt in range(_ATTEMPTS):
        played = await lab.play(
            scenario,
            [scenarios.steps_of(scenario, **given)],
            wire=_wire(scenario, options),
            ipv6=options.ipv6,
            timestamps=not options.no_timestamps,
            seed=options.seed,
            watch=watch,
            strict=not given and _as_named(scenario, options),
        )
        if not played.disagreements or played.lateness < _LATE_S:
            break
        if attempt + 1 < _ATTEMPTS:
            print(
                f"lastack: {scenario.slug} is played again: the machine is busy, "
                f"and was {played.lateness * 1000:.0f} ms late",
                file=sys.stderr,
            )
    return played


async def _run_one(options: argparse.Namespace, given: "dict[str, Parameter]") -> int:
    from lastack.lab.laboratory import Laboratory

    scenario = scenarios.load(options.name)
    if scenario.not_in_lab:
        return refuse(f"{scenario.slug} does not run here: {scenario.not_in_lab}")
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
        print(f"\n{_SILENT_KERNEL}")
    for label in played.labels:
        reasons = ", ".join(dict.fromkeys(map(str, label.reasons)))
        print(
            f"\n{label.connection}: {label.client} > {label.server}\n"
            f"  truth   {label.truth.ending} by {label.truth.by}"
            f"{f' (kernel: {reasons})' if reasons else ''}"
        )
        for vantage, verdicts in said.items():
            for opinion in _of_connection(verdicts, label, played.labels):
                ending, by, confidence = opinion.ranked[0]
                print(
                    f"  {vantage:<7} {ending} by {by}, {confidence:.0%}"
                    f"{_otherwise(played, label, vantage)}"
                )
    if silence:
        print(f"\nexplain: {silence}")
    for disagreement in played.disagreements:
        print(f"\nREFUSED: {disagreement}")


def _otherwise(played: "Run", label: "Label", vantage: str) -> str:
    """What is true of this vantage, where it has no trace of the whole truth."""
    from lastack.lab.seen import truth_at

    here = truth_at(played, label, vantage)
    if here is None or here == (label.truth.ending, label.truth.by):
        return ""
    return f" (the truth here: {here[0]} by {here[1]})"


def _of_connection(
    verdicts: "Sequence[Opinion]", label: "Label", labels: "Sequence[Label]"
) -> "list[Opinion]":
    """Those on one connection; behind a NAT, only the client's end tells which.

    Of connections with the same addresses and ports, in their order.
    """
    ends = {label.client, label.server}
    exact = [it for it in verdicts if {it.client, it.server} == ends]
    same = [it for it in labels if {it.client, it.server} == ends]
    if len(exact) == len(same):
        return [exact[same.index(label)]]
    return exact or [it for it in verdicts if label.client in {it.client, it.server}]


def _outcome(played: "Run") -> dict[str, object]:
    """What --all tells of one run; the keys are those of one run's document."""
    whole = _document(played, {})
    del whole["events"], whole["explain"]
    return whole | {"seconds": round(played.seconds, 3)}


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
    """Play every scenario, told in the order of their names; 1 if one is refused."""
    chosen = [scenarios.load(slug) for slug in scenarios.names()]
    able = [it for it in chosen if not it.not_in_lab]
    documents: list[dict[str, object]] = []
    bad = 0
    kernel_spoke = True
    async with aclosing(_each(able, options)) as runs:
        async for played in runs:
            bad += bool(played.disagreements)
            kernel_spoke &= played.kernel_spoke
            if options.pcap:
                from lastack.lab.captures import write_captures

                write_captures(played, options.pcap, played.scenario.slug)
            if options.json:
                documents.append(_outcome(played))
            else:
                _tell(played)
    left_out = [it for it in chosen if it.not_in_lab]
    if options.json:
        not_here = {it.slug: it.not_in_lab for it in left_out}
        print(json.dumps({"runs": documents, "not_run_here": not_here}, indent=2))
        return 1 if bad else 0
    for scenario in left_out:
        print(f"{'-':<7} {scenario.slug}  not run here: {scenario.not_in_lab}")
    if not kernel_spoke:
        print(_SILENT_KERNEL)
    print(
        f"{len(able) - bad} as their truth says, {bad} not, "
        f"{len(left_out)} not run here"
    )
    return 1 if bad else 0


async def _each(
    able: "Sequence[Scenario]", options: argparse.Namespace
) -> "AsyncGenerator[Run, None]":
    """Yield what came of each scenario, of which `options.jobs` are played at once."""
    from lastack.lab.laboratory import Laboratory

    gate = asyncio.Semaphore(options.jobs)
    async with Laboratory.opened() as lab:

        async def one(scenario: Scenario) -> "Run":
            async with gate:
                return await _play(lab, scenario, options, {}, watch=False)

        tasks = [asyncio.create_task(one(it)) for it in able]
        try:
            for playing in tasks:
                yield await playing
        finally:
            for playing in tasks:
                playing.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _tell(played: "Run") -> None:
    truth = ", ".join(f"{it.truth.ending} by {it.truth.by}" for it in played.labels)
    verdict = "REFUSED" if played.disagreements else "ok"
    slug = played.scenario.slug
    print(f"{verdict:<7} {slug}  {played.seconds:.1f} s  {truth}", flush=True)
    for disagreement in played.disagreements:
        print(f"        {disagreement}", flush=True)
