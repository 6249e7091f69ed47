"""`lastack lab corpus` and `lab score`: captures with their truth, and verdicts."""

import argparse
import asyncio
import sys
from collections import Counter
from pathlib import Path
from textwrap import fill

from lastack.cli._refusal import REFUSED, lab_is_missing, make_folder, refuse


def corpus(arguments: argparse.Namespace) -> int:
    """Write a labelled corpus; return the exit code."""
    if lab_is_missing():
        return REFUSED
    from lastack.lab.corpus import Tally, write_corpus
    from lastack.lab.namespaces import NotPermittedError

    def told(tally: Tally) -> None:
        if sys.stderr.isatty():
            done, refused = tally.labelled.total(), tally.refused.total()
            print(f"\r{done} connections, {refused} refused", end="", file=sys.stderr)

    make_folder(arguments.folder)
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
        return refuse(str(error))
    if sys.stderr.isatty():
        print(file=sys.stderr)
    for slug, count in tally.refused.most_common():
        why = f"refused {count} of {slug}: {tally.reasons[slug]}"
        print(fill(why, 80, subsequent_indent="  "))
    print(
        f"{tally.labelled.total()} connections labelled, "
        f"{tally.refused.total()} refused, in {arguments.folder}"
    )
    return 0


def score(folder: Path) -> int:
    """Print how the verdicts on a corpus compare with its labels."""
    from lastack.diagnosis.score import scoreboard
    from lastack.lab.opinions import NoOpinionError
    from lastack.lab.score import CorpusError, scores

    try:
        found = scores(folder)
    except (CorpusError, NoOpinionError) as error:
        return refuse(str(error))
    print(scoreboard(found.items()))
    confusion: Counter[tuple[str, str]] = Counter()
    for vantage_score in found.values():
        confusion += vantage_score.confusion()
    if confusion:
        print("\nnot right, all vantages: how often, truth, verdict")
    for (truth, said), count in confusion.most_common():
        print(f"{count:>6}  {truth}  {said}")
    worst = [
        (vantage, one)
        for vantage, vantage_score in found.items()
        for one in vantage_score.outcomes
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
