"""A laboratory: plays scenarios on the real kernel and writes down the truth.

One laboratory has one nursery of programs and one kernel trace; it may play
many scenarios at once, each in namespaces of its own.
"""

import asyncio
import contextlib
import math
import os
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Final, Self

from lastack.lab.barrier import Barrier
from lastack.lab.capture import Vantage
from lastack.lab.changes import Changes
from lastack.lab.counters import counters, moved
from lastack.lab.director import Copy
from lastack.lab.namespaces import become_able
from lastack.lab.programs import Nursery
from lastack.lab.record import record
from lastack.lab.run import Run
from lastack.lab.socket_watch import SocketWatch
from lastack.lab.stage import Stage
from lastack.lab.topology import HOSTS, INTERFACE, Topology
from lastack.lab.tracing import KernelTrace, Trace
from lastack.lab.wire import Forwarder
from lastack.lab.witness import judge
from lastack.tcp.scenario import Scenario, Step, Wire

_TRACE_EVERY_S: Final = 0.05
_PRIORITY: Final = -10


@contextlib.contextmanager
def _before_others() -> Iterator[None]:
    """Run the block at a higher priority, where we may.

    The wire is a program too: what it delivers 200 ms late on a busy machine is
    sent again, which no scenario asked for.
    """
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, min(usual, _PRIORITY))
    except PermissionError:
        yield
        return
    try:
        yield
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, usual)


class Laboratory:
    """Plays scenarios; use it as an asynchronous context."""

    def __init__(
        self, nursery: Nursery, trace: KernelTrace | None, plumber: Executor
    ) -> None:
        self._nursery = nursery
        self._plumber = plumber
        self._trace = trace
        self._heard: dict[str, list[Trace]] = {}

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls) -> AsyncIterator[Self]:
        """Open a laboratory; raises NotPermittedError where there can be none."""
        become_able()
        trace = KernelTrace.if_permitted()
        listening = None
        try:
            with (
                _before_others(),
                Nursery(trace) as nursery,
                ThreadPoolExecutor(1, "plumber") as plumber,
            ):
                lab = cls(nursery, trace, plumber)
                if trace is not None:
                    listening = asyncio.create_task(lab._listen())
                yield lab
        finally:
            if listening is not None:
                listening.cancel()
            if trace is not None:
                trace.close()

    async def _listen(self) -> None:
        while True:
            self._hear()
            await asyncio.sleep(_TRACE_EVERY_S)

    def _hear(self) -> None:
        if self._trace is not None:
            for trace in self._trace.read():
                # The killer of a lab's own leftovers speaks of nobody we know.
                if (heard := self._heard.get(trace.local.host)) is not None or (
                    trace.peer and (heard := self._heard.get(trace.peer.host))
                ):
                    heard.append(trace)

    async def play(
        self,
        scenario: Scenario,
        copies: Sequence[Sequence[Step]],
        *,
        wire: Wire | None = None,
        ipv6: bool = False,
        timestamps: bool = True,
        seed: int = 0,
        watch: bool = False,
        strict: bool = True,
        epilogue: float = 0.0,
        patience: float = math.inf,
    ) -> Run:
        """Play copies of a scenario at once and return what happened.

        `copies` are the steps of each. With `watch`, sockets are noted whenever
        they change. With `strict`, the kernel's reasons must be, in their order,
        those that the scenario names; without, they must only allow the truth.
        `epilogue` are seconds for which it goes on beyond the scenario's own;
        after `patience` seconds, if less than the scenario's limit, it is given up.
        """
        began = time.monotonic()
        wire = wire or scenario.wire
        run = Run(scenario, wire, ipv6, kernel_spoke=self._trace is not None)
        loop = asyncio.get_running_loop()
        build = partial(
            Topology, ipv6=ipv6, routed=scenario.wire.routed, timestamps=timestamps
        )
        async with contextlib.AsyncExitStack() as stack:
            topology = await loop.run_in_executor(self._plumber, build)
            stack.push_async_callback(
                loop.run_in_executor, self._plumber, topology.close
            )
            heard: list[Trace] = []
            for host in HOSTS:
                self._heard[topology.address(host)] = heard
                stack.callback(self._heard.pop, topology.address(host), None)
            vantages = {
                host: Vantage(topology.host(host).namespace, INTERFACE)
                for host in HOSTS
            }
            for vantage in vantages.values():
                stack.push_async_callback(loop.run_in_executor, None, vantage.close)
            forwarder = Forwarder(topology, wire, seed)
            for close in forwarder.closers():
                stack.push_async_callback(loop.run_in_executor, None, close)
            stack.callback(forwarder.stop)
            watching = SocketWatch(topology, list(vantages.values())) if watch else None
            if watching is not None:
                stack.callback(watching.close)
            before = {it: counters(topology.host(it).namespace) for it in HOSTS}
            stage = Stage(
                topology,
                forwarder,
                self._nursery,
                self._plumber,
                watching.look if watching else (lambda: None),
            )
            players = await self._perform(
                stage,
                copies,
                stack,
                limit=min(patience, scenario.limit),
                epilogue=scenario.epilogue + epilogue,
            )
            for vantage in vantages.values():
                vantage.drain()
            after = {it: counters(topology.host(it).namespace) for it in HOSTS}
            self._hear()
            run.lateness = forwarder.lateness
            run.moments = [player.moments for player in players]
            for host, unreal in stage.unreal.items():
                for name, value in unreal.items():
                    after[host][name] -= value
            run.counters = {it: moved(before[it], after[it]) for it in HOSTS}
            run.frames = {
                "client": vantages["client"].frames,
                "wire": forwarder.frames,
                "server": vantages["server"].frames,
            }
            heard.sort(key=lambda it: it.time)
            judge(run, stage, players, heard, strict=strict)
            record(run, stage, players, heard, watching)
        run.seconds = time.monotonic() - began
        return run

    async def _perform(
        self,
        stage: Stage,
        copies: Sequence[Sequence[Step]],
        stack: contextlib.AsyncExitStack,
        *,
        limit: float,
        epilogue: float,
    ) -> list[Copy]:
        barrier = Barrier(len(copies))
        players: list[Copy] = []
        changes = Changes(stage, players)
        for number, steps in enumerate(copies):
            player = Copy(stage, steps, number, barrier, changes)
            players.append(player)
            stack.callback(player.close)
        for player in players:
            await player.prepare()
        playing = [asyncio.ensure_future(player.play()) for player in players]
        try:
            _, late = await asyncio.wait(playing, timeout=limit)
            for player, task in zip(players, playing, strict=True):
                if task in late:
                    player.surprises.append(
                        f"not at its end after {limit:g} s: {player.doing} is not done"
                    )
                elif (error := task.exception()) is not None:
                    player.surprises.append(f"cannot do {player.doing}: {error}")
            await asyncio.sleep(epilogue)
            for player in players:
                player.finish()
        finally:
            for task in playing:
                task.cancel()
            await asyncio.gather(*playing, return_exceptions=True)
        return players
