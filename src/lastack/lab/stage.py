"""What a laboratory gives to a director: hosts, the wire, and processes."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field

from lastack.lab.programs import Nursery
from lastack.lab.topology import Topology
from lastack.lab.wire import Forwarder
from lastack.tcp.scenario import HostName
from lastack.tcp.segment import Address


class StageError(Exception):
    """The scenario cannot be carried out here."""


@dataclass(slots=True)
class Connection:
    """A connection of a copy by its name, and its two ends."""

    name: str
    client: Address
    server: Address


@dataclass(slots=True)
class Stage:
    """What a laboratory offers to the director."""

    topology: Topology
    forwarder: Forwarder
    nursery: Nursery
    plumber: Executor
    changed: Callable[[], None] = lambda: None
    dark: list[tuple[HostName, int, int]] = field(default_factory=list)
    """When a host was without power: what its kernel said then is our doing."""

    unreal: dict[HostName, Counter[str]] = field(default_factory=dict)
    """By how much a host's counters moved while it was without power."""

    def was_dark(self, host: str, when: int) -> bool:
        """Whether a host was without power at that time."""
        return any(it == host and on <= when <= off for it, on, off in self.dark)

    async def plumb(self, work: Callable[..., None], *arguments: object) -> None:
        """Change hosts and cables, where pyroute2 can, and wait for it."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self.plumber, work, *arguments)
