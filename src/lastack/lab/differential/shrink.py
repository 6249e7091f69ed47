"""Finds the shortest sequences that still differ, many side by side.

Each round tries everything that is a little less: a step fewer, or something of a
step plainer. The kernel plays all that of all cases at once (Zeller and
Hildebrandt, "Simplifying and isolating failure-inducing input", 2002).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lastack.lab.differential.kernel import KernelPlayer
from lastack.lab.differential.openings import CLIENT, SERVER
from lastack.lab.differential.record import Difference, Record, difference
from lastack.lab.differential.simulated import plan, simulate
from lastack.lab.differential.steps import (
    MS,
    Arrive,
    Base,
    Call,
    Offer,
    Place,
    Plan,
    Sequence,
    Stamp,
    Step,
)
from lastack.sim.personality import Personality

_PHASES = (0, 2 * MS, -2 * MS, MS, -MS)
_ROUNDS = 24


@dataclass(frozen=True, slots=True)
class Case:
    """A sequence on which the kernels differ, and how."""

    plan: Plan
    measured: Record
    difference: Difference


def compared(it: Plan, personality: Personality, measured: Record) -> Difference | None:
    """Return how the simulated kernel differs from what was measured, or None.

    A timer may be a moment late, or a round trip so near to a tick's edge that it is
    a tick more, and so it comes before or after a step: the simulator is right if any
    such moment makes it equal.
    """
    first: Difference | None = None
    longest = personality.rto_min.value + personality.tick.value
    for system in (personality, personality.with_settings(rto_min=longest)):
        for shift in _PHASES:
            record = replace(measured, phase=measured.phase + shift)
            found = difference(it, simulate(it, system, record), measured)
            if found is None:
                return None
            first = first or found
    return first


def measure(
    sequences: list[Sequence],
    personality: Personality,
    player: KernelPlayer,
    played: Callable[[Plan, Record], None] = lambda _, __: None,
) -> list[Case | None]:
    """Play sequences on both kernels; a case for each that differs, else None.

    `played` is given each one.
    """
    plans = [plan(it, personality) for it in sequences]
    cases: list[Case | None] = []
    for it, record in zip(plans, player.play(plans), strict=True):
        played(it, record)
        found = compared(it, personality, record)
        cases.append(Case(it, record, found) if found is not None else None)
    return cases


def shrink(
    cases: list[Case], personality: Personality, player: KernelPlayer
) -> list[Case]:
    """Return each case as short as it still differs in the same kind."""
    best = list(cases)
    growing = set(range(len(cases)))
    for _ in range(_ROUNDS):
        tried: list[tuple[int, Sequence]] = [
            (index, shorter)
            for index in sorted(growing)
            for shorter in _less(best[index])
        ]
        if not tried:
            break
        found = measure([it for _, it in tried], personality, player)
        better: dict[int, Case] = {}
        for (index, _), case in zip(tried, found, strict=True):
            if case is None or case.difference.kind != best[index].difference.kind:
                continue
            if index not in better or _cost(case) < _cost(better[index]):
                better[index] = case
        growing = set(better)
        for index, case in better.items():
            best[index] = case
    return best


def _cost(case: Case) -> tuple[int, int]:
    steps = case.plan.sequence.steps
    return len(steps), sum(_oddity(step) for step in steps)


def _oddity(step: Step) -> int:
    plainer = sum(1 for _ in _plainer_acts(step.act))
    return plainer + bool(step.wait)


def _less(case: Case) -> Iterator[Sequence]:
    sequence = case.plan.sequence
    # What comes after the difference has no part in it.
    steps = sequence.steps[: case.difference.step + 1]
    if len(steps) < len(sequence.steps):
        yield replace(sequence, steps=steps)
    if [step.act for step in steps[: len(SERVER)]] == [step.act for step in SERVER]:
        yield replace(sequence, steps=(*CLIENT, *steps[len(SERVER) :]))  # is shorter
    half = len(steps) // 2
    for size in {half, 2, 1} - {0}:
        for start in range(len(steps) - size + 1):
            rest = steps[:start] + steps[start + size :]
            if rest:
                yield replace(sequence, steps=rest)
    if sequence.offer is not Offer.PLAIN:
        yield replace(sequence, offer=Offer.PLAIN)
    for index, step in enumerate(steps):
        for plainer in _plainer(step):
            changed = (*steps[:index], plainer, *steps[index + 1 :])
            yield replace(sequence, steps=changed)


def _plainer(step: Step) -> Iterator[Step]:
    for act in _plainer_acts(step.act):
        yield replace(step, act=act)
    if step.wait:
        yield replace(step, wait=0)
    if step.wait > 10 * MS:
        yield replace(step, wait=10 * MS)
    if step.wait not in (0, 70 * MS) and step.wait > 70 * MS:
        yield replace(step, wait=70 * MS)


def _plainer_acts(act: Arrive | Call) -> Iterator[Arrive | Call]:
    if isinstance(act, Call):
        if act.name == "kill":
            yield Call("close")
        if act.number > 1 and act.name in {"send", "receive"}:
            yield replace(act, number=1)
        return
    if act.seq not in (Place(Base.NEXT), Place(Base.SYN)):
        yield replace(act, seq=Place(Base.NEXT))
    if act.ack not in (Place(Base.SENT), Place(Base.SYN)):
        yield replace(act, ack=Place(Base.SENT))
    if act.length > 1:
        yield replace(act, length=1)
    if act.length:
        yield replace(act, length=0)
    if act.window != Arrive(0).window:
        yield replace(act, window=Arrive(0).window)
    if act.stamp is not Stamp.NOW:
        yield replace(act, stamp=Stamp.NOW)
