"""`make calibrate`: fits the odds of claims on a labelled corpus of the laboratory.

    python bench/calibrate.py CORPUS [--strength N] [--write]

Each connection is a choice among the claims on it, of which one is true; the
weights of the claims' cases are those that make the truths most likely
(conditional logit), held near each claim's Strength, which is what it is worth
where little was measured. Every scenario weighs the same, however often it was
played. Prints every case with how often it was claimed, how
often it was true, its strength and its weight; `--write` puts the weights into
`src/lastack/diagnosis/odds.py`.

Cases whose names end in `-lost` are made only where the capture itself lost frames.
They are fitted last, all others as they are by then, on the same captures without a
random share of their frames (RATES, the same ones each time); where no claim names
the truth, `unknown` is right. Report on another seed: lastack lab score DIR.
"""

import argparse
import csv
import math
import random
import struct
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lastack.connections.gather import gather
from lastack.connections.scan import Scan
from lastack.connections.table import ConnectionTable
from lastack.diagnosis.explained import Explained
from lastack.diagnosis.judge import claims
from lastack.ending import is_lossy
from lastack.wire.address import address_text
from lastack.wire.files import detect

PROJECT = Path(__file__).resolve().parent.parent
ODDS = PROJECT / "src" / "lastack" / "diagnosis" / "odds.py"
STEPS = 400
TRUST = 6.0
"""What a scenario weighs, in connections: its copies differ in little."""
RATES = (0.01, 0.02, 0.05, 0.1)
"""Shares of frames that captures lose: for the cases that end in `-lost`."""
LOSSY_TRUST = 100.0
"""What a scenario weighs in captures with gaps: which frames are lost is chance."""
CAUTION = 1.0
"""Nats that are added to doubt: frames are lost in bursts, here one by one."""
PCAP_HEADER = 24
PCAP_RECORD = 16
SHORTENED = frozenset({"fin-wait-2-expired"})
"""Endings whose timers the laboratory shortens: their times prove nothing here."""
UNPLAYED = frozenset(
    {
        ("orphan-limit", "in-one-go-with-fin"),
        ("linger-zero", "in-one-go-with-fin"),
        ("linger-zero", "answered-at-once"),
        ("linger-zero", "at-once"),
        ("injected-reset", "foreign-ttl-alone"),
        ("injected-reset", "foreign-ttl-timestamped"),
        ("injected-reset", "fin-disowned"),
        ("firewall-reset", "another-initial-ttl"),
        ("firewall-reset", "syn-foreign-ttl-other-port"),
        ("firewall-reset", "syn-others-served"),
        ("connection-refused", "others-served"),
        ("fin-wait-2-expired", "data-a-while-later"),
        ("connect-timeout", "syns-error-unseen"),
        ("linger-zero", "data-never-acknowledged"),
        ("listener-closed", "never-answered-goes-on"),
        ("listener-closed", "nothing-exchanged-goes-on"),
        ("fin-unanswered", "acknowledged-just-now"),
        ("injected-reset", "foreign-ttl-offence-not-seen"),
        ("orderly-close", "crossed-and-lost"),
    }
)
"""Cases of which the laboratory plays one side only: it measures nothing there.

tcp_max_orphans is the host's; the times of FIN_WAIT_2 are shortened; hardly anybody
here reads the first request and aborts within its delayed ACK; nobody but a forger
sends data where a FIN stood, as a proxy may; no ICMP error is lost; a listener beside
its successor is no busy server; programs that refuse early, or shut down and abort in
one go, are more in the field than here; no capture ends in the middle of a close, and
no box resets what it is not seen to reject; no server closes right after its client.
"""
UNREFUTED = frozenset(
    {
        ("firewall-reset", "syn-served-just-before"),
        ("icmp-rejected", "error-not-captured"),
        ("icmp-rejected", "error-not-captured-late"),
        ("unread-data-at-close", "own-reset-lost"),
        ("linger-zero", "own-reset-lost"),
        ("data-after-close", "beginning-not-seen"),
        ("data-after-close", "data-not-seen"),
        ("data-after-close", "own-fin-lost"),
        ("data-after-close", "refusal-alone"),
        ("listener-closed", "refusal-alone"),
        ("accept-queue-overflow", "refusal-alone"),
        ("fin-wait-2-expired", "refusal-of-data-alone"),
        ("keepalive-timeout", "probes-missing"),
        ("unknown", "answer-not-seen"),
        ("peer-lost-state", "beginning-not-seen"),
    }
)
"""Cases that are never true here since nobody plays them: worth their strength.

A host's own firewall limits connections; captures lack ICMP errors, their
beginning, one direction, or a reset that was lost.
"""
FEWEST = 10
"""A case claimed less often than this keeps its strength."""

Case = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """The claims on one connection, and which of them is true.

    One of UNPLAYED's is `left_out`: it teaches nothing, but keeps its share of what
    its scenario weighs, so that the rest of the scenario does not weigh for it.
    """

    scenario: str
    cases: tuple[Case, ...]
    strengths: tuple[float, ...]
    true: int
    left_out: bool


def ends(capture: Explained, stream: int) -> frozenset[tuple[str, int]]:
    """Return both addresses and ports of a connection."""
    one = capture.connections[stream]
    return frozenset(
        {
            (address_text(one.version, one.high0, one.low0), one.port0),
            (address_text(one.version, one.high1, one.low1), one.port1),
        }
    )


def thinned(octets: bytes, rate: float, seed: str) -> bytes:
    """Return a capture of the laboratory without a share of its frames.

    Which ones is random, and the same for the same seed.
    """
    chance = random.Random(seed)
    kept = [octets[:PCAP_HEADER]]
    at = PCAP_HEADER
    while at < len(octets):
        end = at + PCAP_RECORD + struct.unpack_from("<I", octets, at + 8)[0]
        if chance.random() >= rate:
            kept.append(octets[at:end])
        at = end
    return b"".join(kept)


def explained(octets: bytes, name: str) -> Explained:
    """Return a pcap file that is in memory, judged."""
    form = detect(octets[:16])
    assert form is not None, name
    scan = Scan(form.reader(), ConnectionTable(1))
    scan.run(bytearray(octets), 0, len(octets))
    return Explained(name, scan)


def choices(corpus: Path, rate: float = 0.0) -> list[Choice]:
    """Return the choices of a corpus, with a share of its frames lost.

    What no claim names is left out; where a claim says that it may be lost, that
    one is true.
    """
    labels: dict[str, dict[frozenset[tuple[str, int]], list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    scenarios: dict[str, str] = {}
    with (corpus / "labels.tsv").open(newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            key = frozenset(
                (row[end], int(row[f"{end}_port"])) for end in ("client", "server")
            )
            scenarios[row["capture"]] = row["scenario"]
            labels[row["capture"]][key].append(f"{row['ending']}/{row['by']}")
    found = []
    for name, truths in labels.items():
        octets = (corpus / name).read_bytes()
        capture = explained(thinned(octets, rate, f"{name} {rate}"), name)
        streams: dict[frozenset[tuple[str, int]], list[int]] = defaultdict(list)
        for stream in range(len(capture.connections)):
            streams[ends(capture, stream)].append(stream)
        for key, said in truths.items():
            if len(streams[key]) != len(said):
                continue
            for stream, truth in zip(streams[key], said, strict=True):
                one = capture.connections[stream]
                made = claims(gather(one, capture.surroundings))
                names = [f"{slug}/{claim.by}" for slug, claim in made]
                cases = tuple((slug, claim.case) for slug, claim in made)
                if truth not in names and any(
                    slug == "unknown" and is_lossy(claim.case) for slug, claim in made
                ):
                    names = [name.replace("unknown/unknown", truth) for name in names]
                if truth not in names:
                    continue
                if truth.split("/")[0] not in SHORTENED:
                    found.append(
                        Choice(
                            scenarios[name],
                            cases,
                            tuple(float(claim.strength) for _, claim in made),
                            names.index(truth),
                            not UNPLAYED.isdisjoint(cases),
                        )
                    )
    return found


def fit(
    data: list[Choice],
    looseness: float,
    trust: float = TRUST,
    known: Mapping[Case, float] | None = None,
) -> dict[Case, float]:
    """Return the weight of every case, held near its strength.

    `looseness` is how far, in nats, a weight is expected to be off its strength,
    `trust` what a scenario weighs in connections; `known` weights stay.
    """
    known = known or {}
    of_scenario = Counter(one.scenario for one in data)
    # What only known weights decide teaches nothing.
    groups = Counter(
        one for one in data if not (one.left_out or known.keys() >= set(one.cases))
    )
    strengths = {
        case: strength
        for one in data
        if not one.left_out
        for case, strength in zip(one.cases, one.strengths, strict=True)
    }
    weights = {**strengths, **known}
    learned = strengths.keys() - known.keys()
    rate = 1.0
    before = -math.inf
    for _ in range(STEPS):
        slope = {
            case: (strengths[case] - weights[case]) / looseness**2 for case in learned
        }
        curve = dict.fromkeys(learned, 1 / looseness**2)
        total = sum(
            -((strengths[case] - weights[case]) ** 2) / (2 * looseness**2)
            for case in learned
        )
        for one, times in groups.items():
            count = trust * times / of_scenario[one.scenario]
            top = max(weights[case] for case in one.cases)
            powers = [math.exp(weights[case] - top) for case in one.cases]
            whole = sum(powers)
            for number, (case, power) in enumerate(zip(one.cases, powers, strict=True)):
                share = power / whole
                if case not in learned:
                    continue
                slope[case] += count * ((number == one.true) - share)
                curve[case] += count * share * (1 - share)
            total += count * math.log(powers[one.true] / whole)
        if total < before:
            rate /= 2
        before = total
        for case in learned:
            weights[case] += rate * slope[case] / (curve[case] + 1)
    return {case: weights[case] for case in learned}


def main() -> int:
    """Fit, print the table, and write it if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--looseness", type=float, default=1.5)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    data = [one for corpus in arguments.corpus for one in choices(corpus)]
    if not data:
        print("calibrate: no connection whose truth is claimed", file=sys.stderr)
        return 3
    weights = fit(data, arguments.looseness)
    claimed: Counter[Case] = Counter()
    true: Counter[Case] = Counter()
    strengths: dict[Case, float] = {}
    learned = [one for one in data if not one.left_out]
    for one in learned:
        claimed.update(one.cases)
        true[one.cases[one.true]] += 1
        strengths.update(zip(one.cases, one.strengths, strict=True))
    for case in UNREFUTED & weights.keys():
        weights[case] = max(weights[case], strengths[case])
    # Captures with gaps come last: what they teach leaves all else as it is.
    lossy = [
        one
        for corpus in arguments.corpus
        for rate in RATES
        for one in choices(corpus, rate)
    ]
    lost: Counter[Case] = Counter()
    for one in lossy:
        if one.left_out:
            continue
        lost.update(case for case in one.cases if is_lossy(case[1]))
        true[one.cases[one.true]] += is_lossy(one.cases[one.true][1])
        strengths.update(zip(one.cases, one.strengths, strict=True))
    claimed.update(lost)
    known = {
        case: weights[case] if is_written(case, claimed) else strength
        for case, strength in strengths.items()
        if not is_lossy(case[1])
    }
    for case, weight in fit(lossy, arguments.looseness, LOSSY_TRUST, known).items():
        rare = case[0] == "unknown" and 4 * true[case] < claimed[case]
        weights[case] = weight + CAUTION if rare else weight
    print(
        f"{'ending':<26}{'case':<34}{'claimed':>8}{'true':>8}{'strength':>9}{'odds':>8}"
    )
    for case in sorted(weights):
        print(
            f"{case[0]:<26}{case[1]:<34}{claimed[case]:>8}{true[case]:>8}"
            f"{strengths[case]:>9.0f}{weights[case]:>8.2f}"
        )
    if arguments.write:
        ODDS.write_text(table(weights, claimed, true, len(learned)))
    return 0


def is_written(case: Case, claimed: Counter[Case]) -> bool:
    """Return whether the table has the case; all others are worth their strength."""
    return claimed[case] >= FEWEST and case[0] not in SHORTENED


def table(
    weights: dict[Case, float],
    claimed: Counter[Case],
    true: Counter[Case],
    count: int,
) -> str:
    """Return the text of `odds.py`."""
    rows = "\n".join(
        f'    ("{slug}", "{case}"): {weights[slug, case]:.2f},'
        f"  # {claimed[slug, case]}, {true[slug, case]}"
        for slug, case in sorted(weights)
        if is_written((slug, case), claimed)
    )
    return f'''"""What each line of argument is worth, measured on labelled captures.

`ODDS[ending, case]` is a log-odds in nats; behind it how often the case was
claimed and how often it was true, among {count} connections of a laboratory's
corpus, seen at three vantages. What is not listed is worth its claim's Strength.
Made by `make calibrate`; not to be edited by hand.
"""

ODDS: dict[tuple[str, str], float] = {{
{rows}
}}
'''


if __name__ == "__main__":
    sys.exit(main())
