"""The director: carries out a scenario in virtual time and tells what happened.

    run = play(scenario, scenario.steps(), client=load("linux"), seed=7)
    run.events      the timeline, as the laboratory tells it
    run.surprises   calls that gave something else than the scenario expects

The rules are those of `lastack.tcp.scenario`: steps strictly in order, a call
returns before the next step unless it is in the background, a program is
single-threaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lastack.sim.actor import Actor
from lastack.sim.circumstances import Circumstances
from lastack.sim.personality import Personality
from lastack.sim.rules import Transition
from lastack.sim.sockets import Pending
from lastack.sim.stage import NANOSECONDS, Ends, Stage
from lastack.tcp import scenario as plot
from lastack.tcp.events import Call, Happening, KernelReason, TimelineEvent
from lastack.tcp.scenario.wording import call_arguments, call_name, happening

_DONE: Final = "0"
_PATIENCE: Final = 24 * 3600 * NANOSECONDS
"""For how long a program may wait in a call: virtual time costs nothing."""


class NotSimulatedError(Exception):
    """A scenario asks for what the simulator cannot do; it says what and why."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """A call gave something else than the scenario expects.

    `particular` says that it expects this of the caller's system by name; else
    it is what the laboratory's kernel gives.
    """

    text: str
    particular: bool

    def __str__(self) -> str:
        """Return `client: recvfrom(a, 1) gave -ECONNRESET, not 1`."""
        return self.text


@dataclass(slots=True)
class Run:
    """What a scenario did: `events` in order of time, a cause before its effect.

    `ends` are its connections by name. `surprises` say which calls gave
    something else than the scenario expects; `transitions` are each host's, with
    the addresses and the rule.
    """

    events: list[TimelineEvent]
    surprises: list[Surprise]
    ends: dict[str, Ends]
    transitions: dict[str, list[tuple[str, Transition]]]


def play(
    scenario: plot.Scenario,
    steps: Sequence[plot.Step],
    *,
    client: Personality,
    server: Personality | None = None,
    seed: int = 1,
    circumstances: Circumstances | None = None,
) -> Run:
    """Carry out `steps` of `scenario` between two systems.

    `server` is as `client` by default; `circumstances` are those of a measured
    run. Raises NotSimulatedError for a step that needs a real kernel or a real
    program.
    """
    if scenario.not_in_sim:
        raise NotSimulatedError(f"{scenario.slug}: {scenario.not_in_sim}")
    stage = Stage(scenario.wire, client, server or client, seed=seed)
    moments: Sequence[int] = ()
    if circumstances is not None:
        stage.client.phase = stage.server.phase = circumstances.phase
        stage.link.passages = circumstances.on_their_way()
        stage.link.forged.extend(circumstances.forged)
        moments = circumstances.moments
    return Director(stage, scenario, steps, moments).play()


class Director:
    """Carries the steps of one scenario out on a stage.

    Where `moments` are given, a step begins no earlier, and waits for no more.
    """

    def __init__(
        self,
        stage: Stage,
        scenario: plot.Scenario,
        steps: Sequence[plot.Step],
        moments: Sequence[int] = (),
    ) -> None:
        self.stage = stage
        self.scenario = scenario
        self.steps = steps
        self.moments = moments
        self.actors: dict[str, Actor] = {}
        self.surprises: list[Surprise] = []

    def play(self) -> Run:
        """Carry out every step, settle, and return the story."""
        world = self.stage.world
        if self.moments:
            self._play_measured(self.moments)
        else:
            for step in self.steps:
                self._do(step)
                self._advance()
            self._do(plot.Settle())
            self._run_until(world.now + round(self.scenario.epilogue * NANOSECONDS))
        for actor in self.actors.values():
            if actor.current is not None:
                self._tell(actor, *actor.current, unfinished=True)
        self._tell_counters()
        hosts = (self.stage.client, self.stage.server)
        moves = {host.role: host.transitions for host in hosts}
        return Run(world.story(), self.surprises, self.stage.ends, moves)

    def _play_measured(self, moments: Sequence[int]) -> None:
        for step, moment in zip(self.steps, moments, strict=False):
            self._run_until(moment)
            if not isinstance(step, plot.Wait | plot.Settle):
                self._do(step)
                self._advance()
        self._run_until(moments[-1])

    def _do(self, step: plot.Step) -> None:
        world = self.stage.world
        if isinstance(step, plot.Wait):
            self._run_until(world.now + round(step.seconds * NANOSECONDS))
        elif isinstance(step, plot.Settle):
            delay = self.stage.link.conditions.delay
            settle = round(plot.SETTLE_S * NANOSECONDS)
            self._run_until(world.now + 4 * delay + settle)
        elif isinstance(step, plot.Call):
            self._call(step)
        else:
            self._note(step)
            try:
                self.stage.happen(step)
            except (NotImplementedError, LookupError) as error:
                raise NotSimulatedError(f"{self.scenario.slug}: {error}") from None
            if isinstance(step, plot.Vanish | plot.Reboot):
                self._restart(step)

    def _note(self, step: plot.Step) -> None:
        """Tell what happens to a host or on the path, unless its segments do."""
        if isinstance(step, plot.DestroySocket | plot.Forge) or not isinstance(
            step, plot.HostStep | plot.NetworkStep
        ):
            return
        where = step.host if isinstance(step, plot.HostStep) else "wire"
        world = self.stage.world
        world.tell(Happening(world.now, where, happening(step)))

    def _run_until(self, time: int) -> None:
        """Let the world go on, and programs with it when their calls return."""
        world = self.stage.world
        while (due := world.next_time) is not None and due <= time:
            world.step()
            self._advance()
        world.run_until(time)

    def _restart(self, step: plot.Vanish | plot.Reboot) -> None:
        for actor in self.actors.values():
            if actor.host.role == step.host:
                actor.end()
                actor.process = actor.host.spawn(actor.name)

    # Calls -----------------------------------------------------------------------

    def _call(self, step: plot.Call) -> None:
        actor = self._actor(step.program)
        if isinstance(
            step, plot.Kill | plot.Exit | plot.Start | plot.Stop | plot.Resume
        ):
            self._signal(actor, step)
            return
        if isinstance(step, plot.Run):
            raise NotSimulatedError(
                f"{self.scenario.slug}: {step.command[0]} is a real program"
            )
        actor.waiting.append(step)
        self._advance()
        if step.background or actor.stuck:
            return
        world = self.stage.world
        limit = world.now + _PATIENCE
        while actor.busy:
            due = world.next_time
            if due is None or due > limit:
                actor.stuck = True
                break
            world.step()
            self._advance()

    def _actor(self, program: plot.Program) -> Actor:
        actor = self.actors.get(program.name)
        if actor is None:
            host = self.stage.host(program.host)
            process = host.spawn(program.name)
            actor = Actor(program.name, host, process, self.stage, self.actors)
            self.actors[program.name] = actor
        return actor

    def _signal(self, actor: Actor, step: plot.Call) -> None:
        now = self.stage.world.now
        since = len(self.stage.world.timeline)
        name, argument = call_name(step), call_arguments(step)
        if isinstance(step, plot.Kill | plot.Exit):
            if isinstance(step, plot.Kill):
                name, argument = "kill", "SIGKILL"
            actor.process.kill()
            actor.end()
        elif isinstance(step, plot.Start):
            actor.process = actor.host.spawn(actor.name)
            return
        else:
            actor.stopped = isinstance(step, plot.Stop)
            name, argument = "kill", "SIGSTOP" if actor.stopped else "SIGCONT"
        self._record(actor, name, argument, _DONE, span=(now, now), since=since)

    def _advance(self) -> None:
        """Let each program take its result, and begin its next call."""
        for actor in list(self.actors.values()):
            while not actor.stopped:
                if actor.current is not None:
                    if actor.current[1].result is None:
                        break
                    step, pending = actor.current
                    actor.current = None
                    self._tell(actor, step, pending)
                if not actor.waiting:
                    break
                step = actor.waiting.popleft()
                actor.since = len(self.stage.world.timeline)
                try:
                    actor.current = (step, actor.begin(step))
                except NotImplementedError as error:
                    raise NotSimulatedError(f"{self.scenario.slug}: {error}") from None

    # What is told ------------------------------------------------------------------

    def _tell(
        self,
        actor: Actor,
        step: plot.Call,
        pending: Pending,
        *,
        unfinished: bool = False,
    ) -> None:
        if isinstance(step, plot.Accept) and pending.descriptor >= 0:
            actor.sockets[step.socket] = pending.descriptor
        now = self.stage.world.now
        result = plot.UNFINISHED if unfinished else pending.result or _DONE
        end = now if unfinished else pending.finished
        name, arguments = call_name(step), call_arguments(step)
        span = pending.started, end
        self._record(actor, name, arguments, result, span=span, since=actor.since)
        expected = dict(step.elsewhere).get(actor.host.personality.name)
        wanted = (expected,) if expected is not None else step.expected
        if wanted and result not in wanted:
            gave = "is still waiting" if result == plot.UNFINISHED else f"gave {result}"
            text = f"{actor.name}: {name}({arguments}) {gave}, not "
            text += " or ".join(wanted)
            self.surprises.append(Surprise(text, expected is not None))

    def _record(
        self,
        actor: Actor,
        name: str,
        arguments: str,
        result: str,
        *,
        span: tuple[int, int],
        since: int,
    ) -> None:
        start, end = span
        role = actor.host.role
        self.stage.world.tell(
            Call(start, role, actor.name, name, arguments, result, end - start),
            since=since,
        )

    def _tell_counters(self) -> None:
        world = self.stage.world
        for host in (self.stage.client, self.stage.server):
            for name, value in sorted(host.counters.items()):
                world.tell(
                    KernelReason(world.now, host.role, "counter", f"{name} +{value}")
                )
