"""A whole run: play, compare, play again what differs, merge, shrink, write down."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from lastack.lab.differential.generator import QUESTION, random_sequence
from lastack.lab.differential.kernel import KernelPlayer
from lastack.lab.differential.record import Record
from lastack.lab.differential.script import script
from lastack.lab.differential.shrink import Case, measure, shrink
from lastack.lab.differential.steps import Call, Plan
from lastack.sim.personality import Personality
from lastack.sim.settings import with_setting

SETTINGS: Final = {"net.ipv4.tcp_fin_timeout": "1"}
"""Kernel settings of every sequence: what waits a minute waits a second."""
_OF_A_KIND: Final = 2
_AGAIN: Final = 3
_BATCH: Final = 2000
_SHRUNK_AT_ONCE: Final = 24


@dataclass(slots=True)
class Cause:
    """A kind of divergence: how many sequences have it, and the shortest as script."""

    kind: str
    count: int
    case: Case
    text: str


@dataclass(slots=True)
class Result:
    """What a run found; `calls` and `segments` are those played on the kernel."""

    sequences: int = 0
    calls: int = 0
    arrived: int = 0
    sent: int = 0
    once: int = 0
    causes: list[Cause] = field(default_factory=list)

    @property
    def differ(self) -> int:
        """How many sequences differ, and do so again."""
        return sum(it.count for it in self.causes)

    def count(self, plan: Plan, measured: Record) -> None:
        """Add a sequence that was played."""
        calls = sum(isinstance(step.act, Call) for step in plan.steps)
        self.sequences += 1
        self.calls += calls
        self.arrived += len(plan.steps) - calls
        self.sent += sum(map(len, measured.sent))

    def __str__(self) -> str:
        """Return the counts, a line each."""
        equal = self.sequences - self.once - self.differ
        return (
            f"{self.sequences:>8} sequences: {self.calls} calls, {self.arrived} "
            f"segments arrived, {self.sent} sent\n"
            f"{equal:>8} equal\n"
            f"{self.once:>8} differed, and not each time when played again\n"
            f"{self.differ:>8} differ, in {len(self.causes)} ways"
        )


def set_equal(personality: Personality) -> Personality:
    """Return a personality with the settings of every sequence."""
    for name, value in SETTINGS.items():
        personality = with_setting(personality, name, value)
    return personality


def campaign(
    seeds: range,
    personality: Personality,
    player: KernelPlayer,
    told: Callable[[str], None] = lambda _: None,
) -> Result:
    """Play the sequences of `seeds`; `told` gets a line now and then."""
    result = Result()
    kinds: dict[str, list[Case]] = defaultdict(list)
    for start in range(seeds.start, seeds.stop, _BATCH):
        some = range(start, min(start + _BATCH, seeds.stop))
        sequences = [random_sequence(seed) for seed in some]
        found = measure(sequences, personality, player, result.count)
        differing = [it.plan.sequence for it in found if it is not None]
        lasting: list[Case] = []
        for _ in range(_AGAIN):  # a busy machine's timer may be late once or twice
            cases = measure(differing, personality, player)
            lasting = [it for it in cases if it is not None]
            result.once += len(differing) - len(lasting)
            differing = [it.plan.sequence for it in lasting]
        for case in lasting:
            kinds[case.difference.kind].append(case)
        told(f"{result.sequences} played, {sum(map(len, kinds.values()))} differ")
    result.causes = _causes(kinds, personality, player, told)
    return result


def _causes(
    kinds: dict[str, list[Case]],
    personality: Personality,
    player: KernelPlayer,
    told: Callable[[str], None],
) -> list[Cause]:
    """Shrink the shortest cases of every kind, and keep the shortest of them."""
    chosen: list[Case] = []
    for cases in kinds.values():
        cases.sort(key=lambda it: len(it.plan.sequence.steps))
        chosen += cases[:_OF_A_KIND]
    shortest: dict[str, Case] = {}
    for start in range(0, len(chosen), _SHRUNK_AT_ONCE):
        some = shrink(chosen[start : start + _SHRUNK_AT_ONCE], personality, player)
        for case in some:
            kind = case.difference.kind
            old = shortest.get(kind)
            if old is None or _steps(case) < _steps(old):
                shortest[kind] = case
        told(f"{min(start + _SHRUNK_AT_ONCE, len(chosen))} of {len(chosen)} shrunk")
    causes = []
    for kind, case in shortest.items():
        asked = _asked(case, personality, player)
        causes.append(Cause(kind, len(kinds[kind]), asked, script(asked, SETTINGS)))
    return sorted(causes, key=lambda it: -it.count)


def _steps(case: Case) -> int:
    return len(case.plan.sequence.steps)


def _asked(case: Case, personality: Personality, player: KernelPlayer) -> Case:
    """Return a case whose end shows: where the kernel is silent, it is asked."""
    if case.difference.measured != "nothing":
        return case
    sequence = case.plan.sequence
    longer = replace(sequence, steps=(*sequence.steps, QUESTION))
    (found,) = measure([longer], personality, player)
    return found or case
