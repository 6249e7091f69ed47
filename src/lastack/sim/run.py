"""The director: carries out a scenario in virtual time and tells what happened.

    run = play(scenario, scenario.steps(), client=load("linux"), seed=7)
    run.events      the timeline, as the laboratory tells it
    run.surprises   calls that gave something else than the scenario expects

The rules are those of `lastack.tcp.scenario`: steps strictly in order, a call
returns before the next step unless it is in the background, a program is
single-threaded.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from lastack.sim import wording
from lastack.sim.circumstances import Circumstances
from lastack.sim.host import Host
from lastack.sim.personality import Personality
from lastack.sim.rules import Transition
from lastack.sim.sockets import Pending
from lastack.sim.stage import CLIENT_ADDRESS, NANOSECONDS, SERVER_ADDRESS, Ends, Stage
from lastack.sim.system_calls import Process
from lastack.tcp import scenario as plot
from lastack.tcp.events import Call, KernelReason, TimelineEvent
from lastack.tcp.segment import Address

_TEXT: Final = bytes(range(32, 127)) * 64
_DONE: Final = "0"


class NotSimulatedError(Exception):
    """A scenario asks for what the simulator cannot do; it says what and why."""


@dataclass(slots=True)
class Actor:
    """A program of the scenario: its process, sockets by name, calls to come."""

    name: str
    host: Host
    process: Process
    sockets: dict[str, int] = field(default_factory=dict)
    waiting: deque[plot.Call] = field(default_factory=deque)
    current: tuple[plot.Call, Pending] | None = None
    stopped: bool = False


@dataclass(slots=True)
class Run:
    """What a scenario did: `events` in order of time.

    `ends` are its connections by name. `surprises` say which calls gave
    something else than the scenario expects of this system; `transitions` are
    each host's, with the addresses and the rule.
    """

    events: list[TimelineEvent]
    surprises: list[str]
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
        self.limit = round(scenario.limit * NANOSECONDS)
        self.actors: dict[str, Actor] = {}
        self.surprises: list[str] = []

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
        events = sorted(world.timeline, key=lambda event: event.time)
        hosts = (self.stage.client, self.stage.server)
        moves = {host.role: host.transitions for host in hosts}
        return Run(events, self.surprises, self.stage.ends, moves)

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
            try:
                self.stage.happen(step)
            except (NotImplementedError, LookupError) as error:
                raise NotSimulatedError(f"{self.scenario.slug}: {error}") from None
            if isinstance(step, plot.Vanish | plot.Reboot):
                self._restart(step)

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
                actor.current = None
                actor.waiting.clear()
                actor.sockets.clear()
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
        if step.background:
            return

        def unfinished() -> bool:
            return bool(actor.waiting) or actor.current is not None

        world = self.stage.world
        while unfinished():
            due = world.next_time
            if due is None or due > self.limit:
                break
            world.step()
            self._advance()

    def _actor(self, program: plot.Program) -> Actor:
        actor = self.actors.get(program.name)
        if actor is None:
            host = self.stage.host(program.host)
            actor = Actor(program.name, host, host.spawn(program.name))
            self.actors[program.name] = actor
        return actor

    def _signal(self, actor: Actor, step: plot.Call) -> None:
        now = self.stage.world.now
        name, argument = wording.name_of(step), wording.arguments_of(step)
        if isinstance(step, plot.Kill | plot.Exit):
            if isinstance(step, plot.Kill):
                name, argument = "kill", "SIGKILL"
            actor.process.kill()
            actor.current = None
            actor.waiting.clear()
            actor.sockets.clear()
        elif isinstance(step, plot.Start):
            actor.process = actor.host.spawn(actor.name)
            return
        else:
            actor.stopped = isinstance(step, plot.Stop)
            name, argument = "kill", "SIGSTOP" if actor.stopped else "SIGCONT"
        self._record(actor, name, argument, _DONE, (now, now))

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
                actor.current = (step, self._begin(actor, step))

    def _begin(self, actor: Actor, step: plot.Call) -> Pending:
        process, name = actor.process, step.socket
        begin = self._beginnings.get(type(step))
        if begin is not None:
            return begin(self, actor, step)
        number = actor.sockets.get(name, -1)
        if number not in process.descriptors:
            return self._returned("-EBADF")
        match step:
            case plot.Send(count=count, everything=everything):
                text = (_TEXT * (count // len(_TEXT) + 1))[:count]
                return process.send(
                    number, text, everything=everything, urgent=step.out_of_band
                )
            case plot.Receive(out_of_band=True):
                return process.receive_urgent(number)
            case plot.Receive():
                return process.receive(
                    number,
                    step.count,
                    everything=step.everything,
                    peek=step.peek,
                    wait=step.wait,
                )
            case plot.Shutdown(how=how):
                return process.shutdown(
                    number, read=how in ("RD", "RDWR"), write=how in ("WR", "RDWR")
                )
            case plot.Close():
                del actor.sockets[name]
                pending = process.close(number)
                if number in process.descriptors:
                    actor.sockets[name] = number
                return pending
            case plot.Disconnect():
                return process.disconnect(number)
            case plot.Option(name=option, value=value):
                return process.set_option(number, option, value)
            case plot.SocketError():
                return process.socket_error(number)
            case plot.Poll():
                return process.poll(number)
            case _:
                raise NotSimulatedError(
                    f"{self.scenario.slug}: the simulator does not know {step}"
                )

    def _returned(self, result: str) -> Pending:
        pending = Pending(self.stage.world.now)
        pending.finish(result, pending.started)
        return pending

    def _listen(self, actor: Actor, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Listen)
        number = actor.process.socket()
        actor.sockets[step.socket] = number
        for option, value in step.options:
            actor.process.set_option(number, option, value)
        return actor.process.listen(number, step.port, step.backlog)

    def _bind(self, actor: Actor, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Bind)
        number = actor.process.socket()
        actor.sockets[step.socket] = number
        return actor.process.bind(number, step.port)

    def _connect(self, actor: Actor, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Connect)
        number = actor.process.socket()
        actor.sockets[step.socket] = number
        for option, value in step.options:
            actor.process.set_option(number, option, value)
        port = step.local_port or actor.host.choose_port()
        actor.process.bind(number, port)
        here, there = CLIENT_ADDRESS, SERVER_ADDRESS
        if actor.host is self.stage.server:
            here, there = there, here
        remote = Address(there, step.port)
        self.stage.ends[step.socket] = Ends(Address(here, port), remote)
        return actor.process.connect(number, remote)

    def _accept(self, actor: Actor, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Accept)
        listener = actor.sockets.get(step.listener, -1)
        if listener not in actor.process.descriptors:
            return self._returned("-EBADF")
        return actor.process.accept(listener)

    def _fork(self, actor: Actor, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Fork)
        child = actor.process.fork(step.child)
        self.actors[step.child] = Actor(
            step.child, actor.host, child, dict(actor.sockets)
        )
        return self._returned(str(1000 + len(self.actors)))

    _beginnings: Final[
        dict[type[plot.Call], "Callable[[Director, Actor, plot.Call], Pending]"]
    ] = {
        plot.Listen: _listen,
        plot.Bind: _bind,
        plot.Connect: _connect,
        plot.Accept: _accept,
        plot.Fork: _fork,
    }

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
        name, arguments = wording.name_of(step), wording.arguments_of(step)
        self._record(actor, name, arguments, result, (pending.started, end))
        expected = dict(step.elsewhere).get(actor.host.personality.name)
        wanted = (expected,) if expected is not None else step.expected
        if wanted and result not in wanted:
            self.surprises.append(
                f"{actor.name}: {name}({arguments}) gave {result}, not "
                + " or ".join(wanted)
            )

    def _record(
        self,
        actor: Actor,
        name: str,
        arguments: str,
        result: str,
        span: tuple[int, int],
    ) -> None:
        start, end = span
        role = actor.host.role
        self.stage.world.tell(
            Call(start, role, actor.name, name, arguments, result, end - start)
        )

    def _tell_counters(self) -> None:
        world = self.stage.world
        for host in (self.stage.client, self.stage.server):
            for name, value in sorted(host.counters.items()):
                world.tell(
                    KernelReason(world.now, host.role, "counter", f"{name} +{value}")
                )
