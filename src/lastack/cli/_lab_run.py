"""`lastack lab run`: a scenario, or all, on the real kernel, and what came of it."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lastack import scenarios
from lastack.cli._entry import entry
from lastack.cli._quantities import positive
from lastack.cli._refusal import REFUSED, lab_is_missing, make_folder, refuse
from lastack.cli._run_options import add_wire_options, read, wire
from lastack.render.claim import claimed, percent
from lastack.tcp.scenario import Scenario

if TYPE_CHECKING:
    from lastack.lab.laboratory import Laboratory
    from lastack.lab.opinions import Opinion
    from lastack.lab.run import Run
    from lastack.lab.truth import Label
    from lastack.scenarios import Parameter

_JOBS: Final = 8
_ATTEMPTS: Final = 3
_LATE_S: Final = 0.02
_WIDEST: Final = len("REFUSED")
_SILENT_KERNEL: Final = (
    "The kernel's reasons are not here: reading its trace needs root."
)


def run_words(words: Sequence[str]) -> int:
    """Play what `words` ask for; return the exit code."""
    options, given = read("lastack lab run", _common_options(), words)
    if lab_is_missing():
        return REFUSED
    if options.pcap:
        make_folder(options.pcap)
    from lastack.lab.namespaces import NotPermittedError

    try:
        if options.all:
            return asyncio.run(_run_all(options))
        return asyncio.run(_run_one(options, given))
    except NotPermittedError as error:
        return refuse(str(error))


def _common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    common.add_argument(
        "--all", action="store_true", help="every scenario, a line each"
    )
    common.add_argument(
        "--jobs",
        type=positive,
        default=_JOBS,
        metavar="N",
        help="with --all: so many at once (default %(default)s)",
    )
    add_wire_options(common, seed=0)
    common.add_argument("--ipv6", action="store_true", help="addresses of IPv6")
    common.add_argument(
        "--no-timestamps", action="store_true", help="no TCP timestamps (RFC 7323)"
    )
    common.add_argument(
        "--pcap", type=Path, metavar="DIR", help="write the captures of all vantages"
    )
    common.add_argument("--json", action="store_true", help="one JSON document")
    return common


def _as_named(scenario: Scenario, options: argparse.Namespace) -> bool:
    return wire(scenario, options) == scenario.wire and not options.no_timestamps


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
            wire=wire(scenario, options),
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

    slug = played.scenario.slug
    print(f"{slug}\n\n{scenarios.page(slug)}\n")
    names = {label.client: label.connection for label in played.labels}
    for line in timeline_lines(played.events, names=names):
        print(line)
    if not played.kernel_spoke:
        print(f"\n{_SILENT_KERNEL}")
    for label in played.labels:
        reasons = ", ".join(dict.fromkeys(map(str, label.reasons)))
        print(
            f"\n{label.connection}: {label.client} > {label.server}\n"
            f"  truth   {claimed(label.truth.ending, label.truth.by)}"
            f"{f' (kernel: {reasons})' if reasons else ''}"
        )
        for vantage, verdicts in said.items():
            for opinion in _of_connection(verdicts, label, played.labels):
                ending, by, confidence = opinion.ranked[0]
                print(
                    f"  {vantage:<7} {claimed(ending, by)}, {percent(confidence)}"
                    f"{_otherwise(played, label, vantage)}"
                )
    if silence:
        print(f"\nexplain: {silence}")
    for disagreement in played.disagreements:
        print(f"\n{entry('REFUSED', disagreement, _WIDEST)}")


def _otherwise(played: "Run", label: "Label", vantage: str) -> str:
    """What is true of this vantage, where it has no trace of the whole truth."""
    from lastack.lab.seen import truth_at

    here = truth_at(played, label, vantage)
    if here is None or here == (label.truth.ending, label.truth.by):
        return ""
    return f" (the truth here: {claimed(*here)})"


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
    from lastack.render.timeline_rows import timeline_rows

    return {
        "scenario": played.scenario.slug,
        "wire": asdict(played.wire),
        "kernel_spoke": played.kernel_spoke,
        "events": timeline_rows(played.events),
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
        print(
            entry("-", f"{scenario.slug}  not run here: {scenario.not_in_lab}", _WIDEST)
        )
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
    """Print a run in a line, and what was not as it should be."""
    truth = ", ".join(claimed(it.truth.ending, it.truth.by) for it in played.labels)
    verdict = "REFUSED" if played.disagreements else "ok"
    what = f"{played.scenario.slug}  {played.seconds:.1f} s  {truth}"
    print(entry(verdict, what, _WIDEST), flush=True)
    for disagreement in played.disagreements:
        print(entry("", disagreement, _WIDEST), flush=True)
