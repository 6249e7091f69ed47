"""What happens to a whole host: its power, its settings, its cable, its firewall."""

from dataclasses import dataclass
from typing import Literal

from lastack.tcp.scenario.step import HostName, Step

Loss = Literal["interface", "address", "route", "neighbour"]
Refusal = Literal[
    "tcp-reset",
    "drop",
    "host-unreachable",
    "net-unreachable",
    "port-unreachable",
    "admin-prohibited",
]


@dataclass(frozen=True, slots=True)
class HostStep(Step):
    """Something happens to a whole host."""

    host: HostName


@dataclass(frozen=True, slots=True)
class Vanish(HostStep):
    """Power off: programs, sockets and all state are gone; nothing is sent."""


@dataclass(frozen=True, slots=True)
class Reboot(HostStep):
    """Power off, and on again: the address answers, and knows nothing.

    Its programs are new ones, with the same names and no sockets.
    """


@dataclass(frozen=True, slots=True)
class Sysctl(HostStep):
    """A kernel setting of this host, `net.ipv4.tcp_fin_timeout`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DestroySocket(HostStep):
    """An administrator kills a socket: `ss -K`, SOCK_DESTROY.

    `connection` is the connection's name, or `listener`.
    """

    connection: str = "a"


@dataclass(frozen=True, slots=True)
class Unplug(HostStep):
    """The host loses its `interface`, `address` or `route`; programs live on.

    Without the `neighbour` it has a route and no longer knows the next hop's
    Ethernet address; it asks for it, and over a cut path nobody answers.
    """

    what: Loss = "interface"


@dataclass(frozen=True, slots=True)
class HostReject(HostStep):
    """The host's own firewall refuses what comes in from now on."""

    how: Refusal = "tcp-reset"


@dataclass(frozen=True, slots=True)
class Host:
    """One of the two machines, with its kernel."""

    name: HostName

    def vanish(self) -> Vanish:
        """Power off."""
        return Vanish(self.name)

    def reboot(self) -> Reboot:
        """Power off and on."""
        return Reboot(self.name)

    def sysctl(self, name: str, value: float | str) -> Sysctl:
        """Set `name`, of which `net.ipv4.` may be left out."""
        full = name if "." in name else f"net.ipv4.{name}"
        return Sysctl(self.name, full, str(value))

    def destroy(self, connection: str = "a") -> DestroySocket:
        """Kill a socket as `ss -K` does."""
        return DestroySocket(self.name, connection)

    def unplug(self, what: Loss = "interface") -> Unplug:
        """Take the interface down, or remove its address, route or neighbour."""
        return Unplug(self.name, what)

    def reject(self, how: Refusal = "tcp-reset") -> HostReject:
        """Refuse all TCP that comes in."""
        return HostReject(self.name, how)
