"""Verdicts on captures of real programs, from vantages that the corpus has not.

nginx, Apache, HAProxy, node, sshd, PostgreSQL, redis, socat, Java, Perl, Ruby, PHP,
C, rsync, nmap and curl on Linux 6.18; routers with NAT, nft and `-i any`; TLS, MPTCP,
Fast Open, IPv6, VXLAN, fragments, forged segments, loss, flipped bits, filters,
addresses that moved, captures that were cut or begun late. None was used to find the
odds. `truth.tsv` says what happened, since the programs were ours; `right` are the
verdicts which that capture allows, byte for byte alike. Snapped at 128
octets or fewer.
"""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from lastack.diagnosis.explained import Explained
from lastack.diagnosis.score import CONFIDENT, Truth, outcome
from lastack.sources.read_capture import read_capture

FIELD: Final = Path(__file__).parent


@cache
def truths() -> dict[str, dict[int, Truth]]:
    """Return the truth of each connection by capture and stream."""
    found: dict[str, dict[int, Truth]] = defaultdict(dict)
    with (FIELD / "truth.tsv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            right = frozenset(row["right"].split(","))
            found[row["capture"]][int(row["stream"])] = Truth(row["truth"], right)
    return found


@cache
def explained(name: str) -> Explained:
    """Return a capture of the field, judged."""
    read = read_capture(str(FIELD / f"{name}.pcap.gz"))
    return Explained(name, read.scan)


def test_every_capture_has_its_truth() -> None:
    """Each file is in truth.tsv, and each of its connections."""
    names = {path.name.removesuffix(".pcap.gz") for path in FIELD.glob("*.gz")}
    assert names == set(truths())
    for name, streams in truths().items():
        assert sorted(streams) == list(range(len(explained(name).connections))), name


@pytest.mark.parametrize("name", sorted(truths()))
def test_the_verdict_is_right(name: str) -> None:
    """The verdict is one that the capture allows, and the truth is listed."""
    one = explained(name)
    for stream, truth in truths()[name].items():
        said = outcome(f"{name} {stream}", truth, one.judgement(stream))
        assert said.right, said
        assert said.listed, said


def test_what_is_sure_is_true() -> None:
    """Of what is said with 90 % or more, 95 % is what happened, not only allowed."""
    everything = [
        outcome(name, truth, explained(name).judgement(stream))
        for name, streams in truths().items()
        for stream, truth in streams.items()
    ]
    sure = [said for said in everything if said.confidence >= CONFIDENT]
    assert len(sure) > len(truths())
    assert sum(said.true for said in sure) >= 0.95 * len(sure)
