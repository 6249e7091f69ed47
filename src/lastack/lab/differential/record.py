"""What a sequence did on a kernel, and where two kernels differ."""

import re
from dataclasses import dataclass, field

from lastack.lab.differential.steps import Call, Plan, Planned
from lastack.lab.differential.wire import Sent
from lastack.tcp.flags import flags_text

_NOTHING = Sent(0, "nothing", "")

_SOON = 2_000_000
"""What comes sooner after a step is its answer, and what later a timer's."""


@dataclass(slots=True)
class Record:
    """What was seen: all lists have one item a step.

    `at` is when it was done, `results` what a call gave, `sent` what the host sent
    until the next one, with times, and `states` what the host was in before; `state`
    is the last of all, seen at `end`. Times are nanoseconds from the beginning;
    `phase` is where between two ticks of the kernel that was, with the ticks before.
    """

    at: list[int] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    sent: list[list[Sent]] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    state: str = ""
    end: int = 0
    phase: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that differs: after `step`, what each kernel did.

    `kind` names what was done and in which state, without numbers; two sequences
    that differ in the same kind may have the same cause.
    """

    step: int
    simulated: str
    measured: str
    kind: str


def difference(
    plan: Plan, simulated: Record, measured: Record, *, state: bool = True
) -> Difference | None:
    """Return the first thing in which two records differ, or None."""
    for step, planned in enumerate(plan.steps):
        before = simulated.states[step]
        act = _act(planned.act)
        mine, its = simulated.results[step], measured.results[step]
        if mine != its:
            return _difference(step, mine, its, f"{before}: {act}")
        ours, theirs = simulated.sent[step], measured.sent[step]
        for index in range(max(len(ours), len(theirs))):
            a = ours[index] if index < len(ours) else _NOTHING
            b = theirs[index] if index < len(theirs) else _NOTHING
            if a.text != b.text:
                late = min(it.time for it in (a, b) if it.time) - measured.at[step]
                what = act if late < _SOON else "timer"
                return _difference(step, a.text, b.text, f"{before}: {what}")
    if state and simulated.state != measured.state:
        last = simulated.states[-1]
        return _difference(
            len(plan.steps) - 1, simulated.state, measured.state, f"{last}: state"
        )
    return None


def _difference(step: int, mine: str, its: str, kind: str) -> Difference:
    return Difference(step, mine, its, f"{kind} -> {_shape(mine, its)}")


def _act(act: Planned | Call) -> str:
    if isinstance(act, Call):
        return f"{'listener.' if act.listener else ''}{act.name}({act.option})"
    data = "+data" if act.length else ""
    return f"< {flags_text(act.flags)}{data}"


def _shape(mine: str, its: str) -> str:
    """Return how two texts differ, without the numbers that do not matter."""
    if "nothing" in (mine, its) or mine.split()[:1] != its.split()[:1]:
        return f"{_bare(mine)} / {_bare(its)}"
    ours, theirs = _fields(mine), _fields(its)
    names = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    if len(mine.split()) == 1:
        return f"{_bare(mine)} / {_bare(its)}"
    return f"{mine.split(maxsplit=1)[0]} {' '.join(names)}"


def _fields(text: str) -> dict[str, str]:
    found = {}
    for name, pattern in (
        ("seq", r" (\d+):"),
        ("length", r"\((\d+)\)"),
        ("ack", r" ack (\d+)"),
        ("window", r"( win 0)"),
        ("ecr", r" ecr (\d+)"),
        ("sack", r" sack (\[.*?\])"),
        ("options", r"((?: mss \d+| sackOK| wscale \d+)+)"),
    ):
        match = re.search(pattern, text)
        if match:
            found[name] = match[1]
    return found


def _bare(text: str) -> str:
    return re.sub(r"\d+", "#", text.split(" ", maxsplit=1)[0]) if " " in text else text
