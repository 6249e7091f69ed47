"""A laboratory: plays scenarios on the real kernel and writes down the truth.

One laboratory has one nursery of programs and one kernel trace; it may play
many scenarios at once, each in namespaces of its own.
"""

import asyncio
import contextlib
import errno
import math
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, Self

from lastack.lab.capture import VANTAGES, Frames, Vantage
from lastack.lab.counters import counters, moved
from lastack.lab.director import Barrier, Copy, Stage
from lastack.lab.frames import segment_of
from lastack.lab.namespaces import become_able
from lastack.lab.programs import Nursery
from lastack.lab.sockets import Socket
from lastack.lab.topology import INTERFACE, Topology
from lastack.lab.tracing import KernelTrace, Trace
from lastack.lab.truth import Label, Reason, against_scenario, disagreements
from lastack.lab.wire import Forwarder
from lastack.tcp import flags as bits
from lastack.tcp.events import KernelReason, Sent, SocketState, TimelineEvent
from lastack.tcp.scenario import HostName, Scenario, Step, Wire

if TYPE_CHECKING:
    from lastack.tcp.segment import Address

_HOSTS: Final[tuple[HostName, ...]] = ("client", "server")
_TRACE_EVERY_S: Final = 0.05
_LOOK_EVERY_S: Final = 0.1
_NEVER_ORPHANS: Final = {"LISTEN", "SYN-RECV", "ESTAB", "CLOSE-WAIT", "TIME-WAIT"}
# A segment that reached AF_PACKET has been processed a moment later.
_LOOK_AGAIN_S: Final = 0.002


@dataclass(slots=True)
class Run:
    """What one playing of a scenario gave.

    `disagreements` are what contradicts the truth; with any, the run is refused.
    `kernel_spoke` is whether the kernel's reasons could be had at all.
    """

    scenario: Scenario
    wire: Wire
    ipv6: bool
    events: list[TimelineEvent] = field(default_factory=list)
    frames: dict[str, Frames] = field(default_factory=dict)
    labels: list[Label] = field(default_factory=list)
    counters: dict[HostName, dict[str, int]] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    disagreements: list[str] = field(default_factory=list)
    kernel_spoke: bool = True
    seconds: float = 0.0


class _Watch:
    """Notes the sockets of both hosts whenever they have changed."""

    def __init__(self, topology: Topology, vantages: Sequence[Vantage]) -> None:
        self.events: list[SocketState] = []
        self._topology = topology
        self._vantages = vantages
        self._known: dict[HostName, dict[tuple[Address, Address], Socket]] = {
            host: {} for host in _HOSTS
        }
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        for vantage in vantages:
            self._loop.add_reader(vantage.socket, self._segment, vantage)
        self.look()

    def _segment(self, vantage: Vantage) -> None:
        vantage.drain()
        self.look(again=_LOOK_AGAIN_S)

    def look(self, again: float = _LOOK_EVERY_S) -> None:
        """Compare the sockets with what is known of them."""
        for name in _HOSTS:
            now = time.time_ns()
            found = {
                (it.local, it.peer): it
                for it in self._topology.host(name).sockets.all()
            }
            known = self._known[name]
            for ends, it in found.items():
                if ends not in known or known[ends].timeless != it.timeless:
                    self.events.append(_state(now, name, it))
            for ends in known.keys() - found.keys():
                self.events.append(
                    SocketState(now, name, str(ends[0]), str(ends[1]), "gone")
                )
            self._known[name] = found
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(again, self.look)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for vantage in self._vantages:
            self._loop.remove_reader(vantage.socket)


def _state(now: int, host: str, it: Socket) -> SocketState:
    timer = f"{it.timer},{it.expires_ms}ms,{it.retransmits}" if it.timer else ""
    return SocketState(
        now,
        host,
        str(it.local),
        str(it.peer) if it.peer.port else "*",
        it.state,
        it.receive_queue,
        it.send_queue,
        timer,
        # What waits for accept() belongs to nobody either, and is no orphan.
        it.orphan and it.state not in _NEVER_ORPHANS,
    )


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
            with Nursery() as nursery, ThreadPoolExecutor(1, "plumber") as plumber:
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
            for host in _HOSTS:
                self._heard[topology.address(host)] = heard
                stack.callback(self._heard.pop, topology.address(host), None)
            vantages = {
                host: Vantage(topology.host(host).namespace, INTERFACE)
                for host in _HOSTS
            }
            for vantage in vantages.values():
                stack.push_async_callback(loop.run_in_executor, None, vantage.close)
            forwarder = Forwarder(topology, wire, seed)
            for close in forwarder.closers():
                stack.push_async_callback(loop.run_in_executor, None, close)
            stack.callback(forwarder.stop)
            watching = _Watch(topology, list(vantages.values())) if watch else None
            if watching is not None:
                stack.callback(watching.close)
            before = {it: counters(topology.host(it).namespace) for it in _HOSTS}
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
            after = {it: counters(topology.host(it).namespace) for it in _HOSTS}
            self._hear()
            run.counters = {it: moved(before[it], after[it]) for it in _HOSTS}
            run.frames = {
                "client": vantages["client"].frames,
                "wire": forwarder.frames,
                "server": vantages["server"].frames,
            }
            heard.sort(key=lambda it: it.time)
            _judge(run, stage, players, heard, strict=strict)
            _tell(run, stage, players, heard, watching)
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
        for number, steps in enumerate(copies):
            player = Copy(stage, steps, number, barrier, players)
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


def _host_of(topology: Topology, address: str) -> HostName:
    return "client" if address == topology.addresses.client else "server"


def _local(trace: Trace, topology: Topology) -> HostName:
    return _host_of(topology, trace.local.host)


def _dark(stage: Stage, host: HostName, when: int) -> bool:
    return any(it == host and on <= when <= off for it, on, off in stage.dark)


def _judge(
    run: Run,
    stage: Stage,
    players: Sequence[Copy],
    heard: list[Trace],
    *,
    strict: bool,
) -> None:
    """Make the labels, and find what contradicts them."""
    topology = stage.topology
    resets: dict[int, list[Reason]] = {}
    for trace in heard:
        host = _local(trace, topology)
        if trace.kind != "tcp_send_reset" or _dark(stage, host, trace.time):
            continue
        reason = Reason(trace.time, host, trace.fields["reason"])
        run.reasons.append(reason)
        ports = _ports_of_reset(run, trace, host)
        port = ports[0] if host == "client" else ports[1]
        resets.setdefault(port, []).append(reason)
    states: dict[int, list[tuple[HostName, Trace]]] = {}
    for trace in heard:
        if trace.kind == "inet_sock_set_state" and trace.peer:
            host = _local(trace, topology)
            port = trace.local.port if host == "client" else trace.peer.port
            states.setdefault(port, []).append((host, trace))
    for player in players:
        mine: list[Label] = []
        wrong = list(player.surprises)
        player.name_strangers(run.scenario.truth)
        for name, connection in player.connections.items():
            truth = run.scenario.truth.get(name)
            if truth is None:
                continue
            port = connection.client.port
            label = Label(
                name,
                connection.client,
                connection.server,
                truth,
                tuple(resets.get(port, ())),
                _unseen(run, stage, port),
            )
            mine.append(label)
            # Of two connections on the same ports, whose state is it?
            alone = sum(it.client.port == port for it in player.connections.values())
            wrong += disagreements(
                label,
                states.get(port, ()) if alone == 1 else (),
                run.counters,
                kernel_spoke=run.kernel_spoke,
            )
        missing = run.scenario.truth.keys() - player.connections.keys()
        wrong += [f"no connection {name!r} was made" for name in missing]
        run.labels += [replace(label, disagreements=tuple(wrong)) for label in mine]
        run.disagreements += wrong
    if strict:
        run.disagreements += against_scenario(
            run.scenario, run.reasons, run.counters, kernel_spoke=run.kernel_spoke
        )


def _unseen(run: Run, stage: Stage, port: int) -> frozenset[str]:
    """The vantages to which the wire lost a reset by chance."""
    found = set()
    for number in stage.forwarder.unlucky:
        segment = segment_of(*run.frames["wire"][number])
        assert segment is not None
        if segment.flags & bits.RST:
            if segment.destination.port == port:
                found.add("client")
            elif segment.source.port == port:
                found.add("server")
    return frozenset(found)


def _ports_of_reset(run: Run, trace: Trace, host: HostName) -> tuple[int, int]:
    """Return the local port and the peer's of a reset.

    A listener's reset names no peer (the event has the listener's socket); then
    it is the segment that this host sent at that time.
    """
    if trace.peer is not None:
        return trace.local.port, trace.peer.port
    sent = [
        (abs(when - trace.time), segment.source.port, segment.destination.port)
        for when, frame in run.frames[host]
        if (segment := segment_of(when, frame)) is not None
        and segment.flags & bits.RST
        and segment.source == trace.local
    ]
    _, local, peer = min(sent, default=(0, trace.local.port, 0))
    return local, peer


def _tell(
    run: Run,
    stage: Stage,
    players: Sequence[Copy],
    heard: Sequence[Trace],
    watching: _Watch | None,
) -> None:
    """Merge everything into one timeline."""
    topology = stage.topology
    events: list[TimelineEvent] = [call for player in players for call in player.calls]
    for where in VANTAGES:
        for number, (when, frame) in enumerate(run.frames[where]):
            segment = segment_of(when, frame)
            fate = stage.forwarder.fates.get(number, "") if where == "wire" else ""
            if segment is not None:
                events.append(Sent(when, where, segment, fate))
    if watching is not None:
        events += watching.events
    spoken = [it for it in heard if it.kind != "inet_sock_set_state"]
    for trace, following in zip_longest(spoken, spoken[1:]):
        host = _local(trace, topology)
        if _dark(stage, host, trace.time) or _is_own(trace, following):
            continue
        said = trace.fields.get("reason", "")
        if error := trace.fields.get("error"):
            said = f"-{errno.errorcode.get(int(error), error)}"
        ends = f"{trace.local} > {trace.peer or '?'}"
        events.append(KernelReason(trace.time, host, trace.kind, said, ends))
    last = max((event.time for event in events), default=time.time_ns())
    for host in _HOSTS:
        for name, value in run.counters[host].items():
            if name.startswith(("TCPAbort", "OutRsts", "Estab", "Listen", "Embryonic")):
                events.append(KernelReason(last, host, "counter", f"{name} +{value}"))
    run.events = sorted(events, key=lambda event: event.time)


def _is_own(received: Trace, following: Trace | None) -> bool:
    """Whether a kernel, about to send ABORT_ON_DATA, has reset its own socket."""
    return (
        received.kind == "tcp_receive_reset"
        and following is not None
        and following.kind == "tcp_send_reset"
        and following.fields["reason"] == "TCP_ABORT_ON_DATA"
        and (following.local, following.peer) == (received.local, received.peer)
    )
