"""What happens to a host or to the path, and so to every copy of a scenario."""

import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from lastack.lab import firewall
from lastack.lab.counters import counters, moved
from lastack.lab.stage import Stage, StageError
from lastack.lab.topology import INTERFACE, TO_CLIENT, TO_SERVER, Machine
from lastack.tcp import scenario as plot
from lastack.tcp.scenario import HostName


class Cast(Protocol):
    """The programs of one copy of a scenario."""

    async def kill_programs(self, host: HostName) -> None:
        """Kill those of a host."""

    async def start_programs(self, host: HostName) -> None:
        """Start those of a host anew."""


class Changes:
    """Changes the stage under the feet of all casts."""

    def __init__(self, stage: Stage, casts: Sequence[Cast]) -> None:
        self._stage = stage
        self._casts = casts

    async def make(self, step: plot.Step) -> None:
        """Carry out `step`; raises StageError, FirewallError, OSError."""
        topology, forwarder = self._stage.topology, self._stage.forwarder
        match step:
            case plot.Cut(towards=towards):
                forwarder.cut(towards)
            case plot.Heal():
                forwarder.heal()
                if topology.router is not None:
                    await self._stage.plumb(firewall.clear, topology.router.namespace)
            case plot.Delay(seconds=seconds):
                forwarder.change_delay(seconds)
            case plot.Reject(towards=towards, how=how):
                router = self._router()
                outgoing = {"client": TO_CLIENT, "server": TO_SERVER}.get(towards, "")
                await self._refuse(router, how, "forward", outgoing)
            case plot.Track(how=how):
                router = self._router()
                track = partial(firewall.track, ipv6=router.ipv6)
                await self._stage.plumb(track, router.namespace, how)
            case plot.Translate():
                await self._translate(self._router())
            case plot.Narrow(mtu=mtu):
                forwarder.narrow(mtu)
            case plot.Forget():
                firewall.forget(self._router().namespace)
            case plot.HostReject(host=name, how=how):
                await self._refuse(topology.host(name), how, "input")
            case plot.Sysctl(host=name, name=setting, value=value):
                topology.host(name).namespace.set(setting, value)
            case plot.Unplug(host=name, what=what):
                await self._stage.plumb(self._unplug, name, what)
            case plot.Vanish(host=name):
                await self._power_off(name)
            case plot.Reboot(host=name):
                await self._power_off(name)
                await self._power_on(name)
            case _:
                raise StageError(f"the lab does not know the step {step}")

    async def _refuse(
        self, machine: Machine, how: plot.Refusal, hook: str, outgoing: str = ""
    ) -> None:
        refuse = partial(
            firewall.refuse, ipv6=machine.ipv6, hook=hook, outgoing=outgoing
        )
        await self._stage.plumb(refuse, machine.namespace, how)

    async def _translate(self, router: Machine) -> None:
        topology = self._stage.topology
        service, server = topology.addresses.router, topology.addresses.server
        translate = partial(firewall.translate, ipv6=router.ipv6)
        await self._stage.plumb(translate, router.namespace, service, server)
        topology.service = service

    def _router(self) -> Machine:
        router = self._stage.topology.router
        if router is None:
            raise StageError("a firewall on the path needs Wire(routed=True)")
        return router

    def _unplug(self, name: HostName, what: str) -> None:
        topology = self._stage.topology
        host = topology.host(name)
        if what == "interface":
            host.bring(INTERFACE, up=False)
        elif what == "address":
            host.loses(topology.address(name), INTERFACE)
        elif what == "route":
            host.unreaches(topology.peer_address(name), INTERFACE)
        else:
            host.unlearns(topology.peer_address(name), INTERFACE)

    async def _power_off(self, name: HostName) -> None:
        """Take the host's cable first; then nothing of its death is sent."""
        host = self._stage.topology.host(name)
        off = time.time_ns()
        before = counters(host.namespace)
        await self._stage.plumb(partial(host.bring, INTERFACE, up=False))
        for cast in self._casts:
            await cast.kill_programs(name)
        for it in host.sockets.all():
            host.sockets.destroy(it)
        self._stage.dark.append((name, off, time.time_ns()))
        unreal = self._stage.unreal.setdefault(name, Counter())
        unreal.update(moved(before, counters(host.namespace)))

    async def _power_on(self, name: HostName) -> None:
        host = self._stage.topology.host(name)
        await self._stage.plumb(partial(host.bring, INTERFACE, up=True))
        await self._stage.plumb(self._stage.topology.configure, name)
        for cast in self._casts:
            await cast.start_programs(name)
