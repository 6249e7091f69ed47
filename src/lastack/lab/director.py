"""The director: carries the steps of a scenario out, strictly in order.

One laboratory may play several copies of a scenario at once, each with its own
ports and processes. What happens to a host or to the path happens to all of
them, so every copy waits there for the others.
"""

import asyncio
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from lastack.lab.barrier import Barrier
from lastack.lab.changes import Changes
from lastack.lab.commands import command
from lastack.lab.lateness import slept
from lastack.lab.programs import EndedError, Process, Returned
from lastack.lab.stage import Connection, Stage, StageError
from lastack.tcp import scenario as plot
from lastack.tcp.events import Call, Happening
from lastack.tcp.scenario import UNFINISHED, HostName
from lastack.tcp.scenario.wording import (
    call_arguments,
    call_name,
    command_text,
    happening,
    step_text,
)
from lastack.tcp.segment import Address

_FIRST_CLIENT_PORT: Final = 40001
_PORTS_OF_COPY: Final = 50
# Longer than the 40 ms of a delayed acknowledgement.
_QUIET_S: Final = 0.05
_PATIENT_LOOKS: Final = 40
_SOON_NS: Final = 20_000_000


class Copy:
    """One copy of a scenario: its programs, its connections, what was called."""

    def __init__(
        self,
        stage: Stage,
        steps: Sequence[plot.Step],
        number: int,
        barrier: Barrier,
        changes: Changes,
    ) -> None:
        self.stage = stage
        self.steps = steps
        self.number = number
        self.barrier = barrier
        self.changes = changes
        self.connections: dict[str, Connection] = {}
        self.calls: list[Call] = []
        self.happenings: list[Happening] = []
        self.moments: list[int] = []
        self.surprises: list[str] = []
        self.doing = "nothing"
        self._processes: dict[str, Process] = {}
        self._hosts: dict[str, HostName] = {}
        self._pending: list[tuple[plot.Call, asyncio.Future[Returned]]] = []
        self._ports = _FIRST_CLIENT_PORT + number * _PORTS_OF_COPY
        self._descriptors: dict[tuple[str, str], int] = {}

    async def prepare(self) -> None:
        """Start the programs which the steps name."""
        children = {step.child for step in self.steps if isinstance(step, plot.Fork)}
        for step in self.steps:
            if isinstance(step, plot.Call):
                name = step.program.name
                self._hosts[name] = step.program.host
                if name not in self._processes and name not in children:
                    await self._start(name)

    async def _start(self, name: str) -> None:
        machine = self.stage.topology.host(self._hosts[name])
        self._processes[name] = await self.stage.nursery.spawn(machine.namespace)

    async def kill_programs(self, host: HostName) -> None:
        """Kill those of a host."""
        for program, process in self._processes.items():
            if self._hosts[program] == host:
                await process.kill()

    async def start_programs(self, host: HostName) -> None:
        """Start those of a host anew."""
        for program in list(self._processes):
            if self._hosts[program] == host:
                await self._start(program)

    async def play(self) -> None:
        """Carry out every step, and settle."""
        try:
            for step in self.steps:
                self.doing = step_text(step)
                self.moments.append(time.time_ns())
                await self._do(step)
                self.stage.changed()
            await self._settle()
        finally:
            self.barrier.leave()

    def name_strangers(self, names: Iterable[str]) -> None:
        """Give `names` to the connections that a real program made, in order."""
        unnamed = [
            path
            for path in self.stage.forwarder.paths()
            if not path.name and path.server.port == plot.PORT + self.number
        ]
        missing = [name for name in names if name not in self.connections]
        for name, path in zip(missing, unnamed, strict=False):
            self._know(name, path.client, path.server)

    def finish(self) -> None:
        """See which calls never returned."""
        self.moments.append(time.time_ns())
        for step, future in self._pending:
            if not future.done():
                self._tell(step, Returned(UNFINISHED, time.time_ns(), time.time_ns()))
        self._pending.clear()

    def close(self) -> None:
        """Kill what still runs; nobody captures any more."""
        for process in self._processes.values():
            if not process.ended.is_set():
                process.signal(signal.SIGKILL)
            process.close()

    async def _settle(self) -> None:
        forwarder = self.stage.forwarder
        wire = forwarder.wire
        late = await slept(4 * (wire.delay + wire.jitter) + plot.SETTLE_S)
        # A machine with much to do is late, and its kernel's timers with it; then
        # the wire is not yet quiet, or will not be when they expire. Nor is quiet
        # what waits for a retransmission.
        for _ in range(_PATIENT_LOOKS):
            ends = ((it.client, it.server) for it in self.connections.values())
            quiet = forwarder.quiet_for() >= _QUIET_S + 4 * late
            if quiet and forwarder.has_repaired(ends):
                break
            late = max(late, await slept(_QUIET_S / 2))
        self._was_late(late)

    def _was_late(self, seconds: float) -> None:
        forwarder = self.stage.forwarder
        forwarder.lateness = max(forwarder.lateness, seconds)

    async def _do(self, step: plot.Step) -> None:
        if isinstance(step, plot.HostStep | plot.NetworkStep):
            self._note(step)
        if isinstance(step, plot.Wait):
            self._was_late(await slept(step.seconds))
        elif isinstance(step, plot.Settle):
            await self._settle()
        elif isinstance(step, plot.Call):
            await self._call(step)
        elif isinstance(step, plot.Forge):
            self._forge(step)
        elif isinstance(step, plot.Lose | plot.Duplicate):
            ports = range(self._first_port, self._first_port + _PORTS_OF_COPY)
            # What is lost before a connection exists is told by its ports too.
            fixed = {
                it.local_port + self.number
                for it in self.steps
                if isinstance(it, plot.Connect) and it.local_port
            }
            self.stage.forwarder.lose(
                step.towards,
                step.kind,
                step.count,
                frozenset(ports) | fixed,
                duplicate=isinstance(step, plot.Duplicate),
            )
        elif isinstance(step, plot.DestroySocket):
            self._destroy(step)
        else:
            await self.barrier.reached(partial(self.changes.make, step))

    def _note(self, step: plot.HostStep | plot.NetworkStep) -> None:
        if isinstance(step, plot.DestroySocket | plot.Forge):
            return  # told by what it does
        where = step.host if isinstance(step, plot.HostStep) else "wire"
        self.happenings.append(Happening(time.time_ns(), where, happening(step)))

    @property
    def _first_port(self) -> int:
        return _FIRST_CLIENT_PORT + self.number * _PORTS_OF_COPY

    # Calls ---------------------------------------------------------------------

    async def _call(self, step: plot.Call) -> None:
        name = step.program.name
        if isinstance(step, plot.Start):
            await self._start(name)
            return
        process = self._processes.get(name)
        if process is None:
            raise StageError(f"no program {name!r} is there to {type(step).__name__}")
        if isinstance(step, plot.Kill):
            now = time.time_ns()
            await process.kill()
            self.calls.append(
                Call(now, step.program.host, name, "kill", "SIGKILL", "0",
                     time.time_ns() - now)
            )  # fmt: skip
            return
        if isinstance(step, plot.Stop | plot.Resume):
            stops = isinstance(step, plot.Stop)
            process.signal(signal.SIGSTOP if stops else signal.SIGCONT)
            self.calls.append(
                Call(
                    time.time_ns(),
                    step.program.host,
                    name,
                    "kill",
                    "SIGSTOP" if stops else "SIGCONT",
                    "0",
                )
            )
            return
        if isinstance(step, plot.Fork):
            future, control = process.fork()
            answer = await future
            self._hosts[step.child] = step.program.host
            self._processes[step.child] = self.stage.nursery.adopt(
                int(answer.result), control
            )
            for (owner, known), number in list(self._descriptors.items()):
                if owner == name:
                    self._descriptors[step.child, known] = number
            self._tell(step, answer)
            return
        if isinstance(step, plot.Exit):
            now = time.time_ns()
            process.call("exit")
            await process.ended.wait()
            self._tell(step, Returned("0", now, time.time_ns()))
            return
        if isinstance(step, plot.Run):
            await self._run(step, process)
            return
        future = self._command(step, process)
        if step.background:
            self._pending.append((step, future))
            number = len(self.moments) - 1
            future.add_done_callback(lambda done: self._told_late(step, done, number))
            # A call that can be made at once is made before the next step is.
            await asyncio.sleep(0.0005)
            return
        try:
            answer = await future
            self.moments[-1] = answer.start
            self._tell(step, answer)
        except EndedError:
            self.surprises.append(f"{name} ended during {call_name(step)}()")

    def _told_late(
        self, step: plot.Call, done: "asyncio.Future[Returned]", number: int
    ) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        began = done.result().start
        if began - self.moments[number] < _SOON_NS:
            self.moments[number] = began  # later, it waited for another call
        self._tell(step, done.result())
        self.stage.changed()

    async def _run(self, step: plot.Run, process: Process) -> None:
        addresses = self.stage.topology.addresses
        words = {
            "server": self.stage.topology.service,
            "client": addresses.client,
            "port": str(plot.PORT + self.number),
            "python": sys.executable,
        }
        command = [word.format(**words) for word in step.command]
        sockets = self.stage.topology.host(step.program.host).sockets
        before = {it.identity for it in [*sockets.all(), *sockets.udp()]}
        now = time.time_ns()
        process.call("run", command=command, typed=step.typed)
        self.calls.append(
            Call(now, step.program.host, step.program.name, "execve",
                 command_text(command), "0")
        )  # fmt: skip
        if step.waits:
            await process.ended.wait()
            code = str(process.code)
            self.calls.append(
                Call(time.time_ns(), step.program.host, step.program.name,
                     "exit_group", code, "?")
            )  # fmt: skip
            self._expect(step, code)
            return
        for _ in range(_PATIENT_LOOKS):
            await asyncio.sleep(_QUIET_S)
            after = {
                it.identity
                for it in [*sockets.all(), *sockets.udp()]
                if it.state != "SYN-SENT"
            }
            if after - before or process.ended.is_set():
                return  # it listens, or has connected, or has ended

    def _command(self, step: plot.Call, process: Process) -> "asyncio.Future[Returned]":
        topology, name = self.stage.topology, step.socket
        here = topology.address(step.program.host)
        there = topology.peer_address(step.program.host)
        match step:
            case plot.Listen(port=port, backlog=backlog, options=options):
                return process.call(
                    "listen", name=name, address=here, port=port + self.number,
                    backlog=backlog, options=options,
                )  # fmt: skip
            case plot.Bind(port=port):
                return process.call(
                    "bind", name=name, address=here, port=port + self.number
                )
            case plot.Connect(port=port, local_port=local, options=options):
                local = local + self.number if local else self._port()
                self._know(
                    name, Address(here, local), Address(there, port + self.number)
                )
                return process.call(
                    "connect", name=name, address=here, local_port=local, peer=there,
                    port=port + self.number, options=options,
                )  # fmt: skip
            case _:
                return command(step, process)

    def _port(self) -> int:
        self._ports += 1
        return self._ports - 1

    def _know(self, name: str, client: Address, server: Address) -> Connection:
        connection = Connection(name, client, server)
        self.connections[name] = connection
        self.stage.forwarder.path(client, server).name = name
        return connection

    def _tell(self, step: plot.Call, answer: Returned) -> None:
        self.calls.append(
            Call(
                answer.start,
                step.program.host,
                step.program.name,
                call_name(step),
                call_arguments(step),
                answer.result,
                answer.end - answer.start,
            )
        )
        self._expect(step, answer.result)

    def _expect(self, step: plot.Call, result: str) -> None:
        if step.expected and result not in step.expected:
            self.surprises.append(
                f"{step.program.name}: {call_name(step)}({call_arguments(step)}) gave "
                f"{result}, not {' or '.join(step.expected)}"
            )

    # What happens to one connection ---------------------------------------------

    def _forge(self, step: plot.Forge) -> None:
        connection = self.connections.get(step.connection)
        topology = self.stage.topology
        if connection is None:
            connection = self._know(
                step.connection,
                Address(topology.addresses.client, self._port()),
                Address(topology.addresses.server, step.port + self.number),
            )
            first = self.stage.forwarder.path(connection.client, connection.server)
            first.answers_pass = step.answers_pass
        path = self.stage.forwarder.path(connection.client, connection.server)
        self.stage.forwarder.forge(path, step)

    def _destroy(self, step: plot.DestroySocket) -> None:
        machine = self.stage.topology.host(step.host)
        connection = self.connections.get(step.connection)
        now = time.time_ns()
        for it in machine.sockets.all():
            if connection is None:
                found = it.state == "LISTEN" and it.local.port in {
                    listen.port + self.number
                    for listen in self.steps
                    if isinstance(listen, plot.Listen)
                }
            else:
                ends = {connection.client.port, connection.server.port}
                found = {it.local.port, it.peer.port} == ends
            if found:
                machine.sockets.destroy(it)
                self.calls.append(
                    Call(now, step.host, "ss", "ss -K", f"{it.local} {it.peer}", "0")
                )
