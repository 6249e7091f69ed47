"""Random sequences on this kernel and on the simulated one: equal, or shrunk."""

from pathlib import Path

import pytest

from lastack.lab.differential.campaign import SETTINGS, set_equal
from lastack.lab.differential.divergences import Divergence, listed, load_all
from lastack.lab.differential.generator import random_sequence
from lastack.lab.differential.kernel import KernelPlayer
from lastack.lab.differential.openings import LISTEN, OPENINGS, SERVER
from lastack.lab.differential.record import Record, difference
from lastack.lab.differential.script import script, size
from lastack.lab.differential.shrink import measure, shrink
from lastack.lab.differential.simulated import SimulatedRun, plan, simulate
from lastack.lab.differential.steps import (
    MS,
    Arrive,
    Call,
    Offer,
    Sequence,
    Step,
)
from lastack.lab.script_kernel import ScriptKernel
from lastack.sim.packetdrill.parser import parse
from lastack.sim.packetdrill.runner import Failure, run
from lastack.sim.packetdrill.subject import SimulatedSubject
from lastack.sim.personalities import load
from lastack.sim.personality import Personality, UnreadAtClose
from lastack.tcp.flags import ACK, PSH
from lastack.tcp.states import State

LINUX = set_equal(load("linux"))
DIVERGENCES = load_all(Path(__file__).parent / "divergences")
PART = range(60_000, 60_220)
UNREAD = (*SERVER, Step(Arrive(ACK | PSH, length=9), 70 * MS), Step(Call("close")))


def _record(sequence: Sequence, personality: Personality) -> Record:
    """Play a sequence on the simulator, at the times that it names."""
    planned = plan(sequence, LINUX)
    times = [0]
    for step in planned.steps:
        times.append(times[-1] + step.wait)
    record = Record(at=times[:-1], end=times[-1])
    return simulate(planned, personality, record)


@pytest.mark.parametrize("state", OPENINGS)
def test_each_opening_leads_into_its_state(state: State) -> None:
    """All eleven states are where sequences begin, as client and as server."""
    sides = set()
    for opening in OPENINGS[state]:
        run = SimulatedRun(LINUX, Offer.FULL, 0)
        time = 0
        for step in opening:
            act = step.act
            run.until(time)
            run.step(run.planned(act, time) if isinstance(act, Arrive) else act, time)
            time += step.wait
        assert run.state in (state.name, "LISTEN" if state is State.CLOSED else "")
        sides.add("server" if opening[:1] == LISTEN else "client")
    one_sided = {State.LISTEN: {"server"}, State.SYN_SENT: {"client"}}
    assert sides == one_sided.get(state, {"client", "server"})


def test_a_seed_is_one_sequence() -> None:
    """The same seed gives the same steps, and another one others."""
    assert random_sequence(7) == random_sequence(7)
    assert len({random_sequence(seed) for seed in range(55)}) == 55


def test_the_simulator_agrees_with_itself() -> None:
    """A record does not differ from another of the same sequence."""
    for seed in range(44):
        sequence = random_sequence(seed)
        one, other = _record(sequence, LINUX), _record(sequence, LINUX)
        assert difference(plan(sequence, LINUX), one, other) is None


def test_another_system_is_told_apart() -> None:
    """FIN and RST at close() with unread data: it is named where they part."""
    sequence = Sequence(UNREAD)
    linux, other = _record(sequence, LINUX), _record(sequence, load("freebsd"))
    found = difference(plan(sequence, LINUX), other, linux)
    assert found is not None
    assert found.kind == "ESTABLISHED: close() -> F. / R."


@pytest.mark.usefixtures("needs_root")
def test_two_hundred_and_twenty_sequences_are_the_kernel_s() -> None:
    """From every state: the same segments, results and last states."""
    waiting = [random_sequence(seed) for seed in PART]
    with KernelPlayer(SETTINGS) as player:
        for _ in range(3):  # a busy machine may be late once or twice
            cases = measure(waiting, LINUX, player)
            wrong = [it for it in cases if it is not None]
            wrong = [it for it in wrong if not listed(it.difference.kind, DIVERGENCES)]
            waiting = [it.plan.sequence for it in wrong]
    told = [f"{it.plan.sequence}\n{it.difference}" for it in wrong]
    assert not told, "\n\n".join(told)


@pytest.mark.usefixtures("needs_root")
def test_a_wrong_model_is_found_and_shrunk_to_a_script() -> None:
    """Of a Linux that sends FIN for unread data; the script is true of the kernel."""
    wrong = LINUX.with_settings(unread_at_close=UnreadAtClose.FIN)
    asked = Step(Call("poll"), 10 * MS)
    longer = Sequence((*UNREAD[:-1], asked, asked, UNREAD[-1], asked), Offer.FULL)
    with KernelPlayer(SETTINGS) as player:
        (case,) = measure([longer], wrong, player)
        assert case is not None
        (shortest,) = shrink([case], wrong, player)
    assert shortest.difference.kind == "ESTABLISHED: close() -> F. / R."
    assert len(shortest.plan.steps) == 4
    text = script(shortest, SETTINGS)
    assert size(text) <= 10
    assert run(parse(text), SimulatedSubject(wrong)) is not None
    assert run(parse(text), SimulatedSubject(LINUX)) is None
    assert _on_the_kernel(text) is None


@pytest.mark.parametrize("it", DIVERGENCES, ids=lambda it: it.name)
def test_a_listed_divergence_still_is_one(it: Divergence) -> None:
    """The simulator does something else: once it does not, the list is shorter."""
    assert it.reason
    assert it.kinds
    assert run(parse(it.text), SimulatedSubject(load("linux"))) is not None


@pytest.mark.usefixtures("needs_root")
@pytest.mark.parametrize("it", DIVERGENCES, ids=lambda it: it.name)
def test_a_listed_divergence_is_what_the_kernel_does(it: Divergence) -> None:
    """Its script holds on the kernel."""
    failure = _on_the_kernel(it.text)
    assert failure is None, failure.report(it.name)


def _on_the_kernel(text: str) -> Failure | None:
    """Run a script; a machine that is busy may spoil its times once or twice."""
    failure: Failure | None = None
    for _ in range(8):
        with ScriptKernel() as kernel:
            failure = run(parse(text), kernel)
        if failure is None:
            break
    return failure
