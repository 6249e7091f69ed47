"""What happens on the path between the hosts: loss, forgery, firewalls, a NAT."""

from dataclasses import dataclass
from typing import Literal

from lastack.tcp import flags as bits
from lastack.tcp.scenario.calls import PORT
from lastack.tcp.scenario.host import Refusal
from lastack.tcp.scenario.step import HostName, Step
from lastack.tcp.segment import Segment

Direction = Literal["client", "server", "both"]
Kind = Literal["any", "SYN", "SYN-ACK", "ACK", "data", "FIN", "RST"]


def is_kind(segment: Segment, kind: Kind) -> bool:
    """Whether `segment` is one of those that a scenario names `kind`."""
    control = segment.flags & (bits.SYN | bits.FIN | bits.RST | bits.ACK)
    if kind == "any":
        return True
    if kind == "data":
        return bool(segment.payload)
    if kind == "ACK":
        return control == bits.ACK and not segment.payload
    if kind == "SYN":
        return control == bits.SYN
    if kind == "SYN-ACK":
        return control == bits.SYN | bits.ACK
    return bool(control & (bits.FIN if kind == "FIN" else bits.RST))


@dataclass(frozen=True, slots=True)
class NetworkStep(Step):
    """Something happens on the path between the hosts."""


@dataclass(frozen=True, slots=True)
class Cut(NetworkStep):
    """Nothing gets through `towards` that host, until the network heals."""

    towards: Direction = "both"


@dataclass(frozen=True, slots=True)
class Heal(NetworkStep):
    """The path is as it was: no cut, no loss, no firewall rule."""


@dataclass(frozen=True, slots=True)
class Lose(NetworkStep):
    """The next `count` segments of a `kind` towards a host are lost.

    `ACK` is a bare one; `data` has octets; `FIN`, `SYN`, `SYN-ACK`, `RST` have
    that flag.
    """

    towards: HostName
    kind: Kind = "any"
    count: int = 1


@dataclass(frozen=True, slots=True)
class Duplicate(NetworkStep):
    """The next `count` segments of a `kind` arrive twice."""

    towards: HostName
    kind: Kind = "any"
    count: int = 1


@dataclass(frozen=True, slots=True)
class Delay(NetworkStep):
    """The one-way delay is `seconds` from now on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Forge(NetworkStep):
    """A third party sends a segment as if the other host had sent it.

    `flags` in tcpdump's letters. Its sequence number is the next that the
    receiver expects plus `seq_offset`; its acknowledgement, where flags has one,
    is all that the receiver has sent plus `ack_offset`, as the wire saw it.
    For a `connection` that is not there, its numbers are made up, and further
    forged segments of that name belong to it; then the real host knows nothing
    of it, and what the receiver answers is lost unless `answers_pass`.
    `ttl` is the hop limit at the receiver.
    """

    towards: HostName
    flags: str = "R"
    connection: str = "a"
    seq_offset: int = 0
    ack_offset: int = 0
    payload: int = 0
    ttl: int = 57
    answers_pass: bool = False
    port: int = PORT


@dataclass(frozen=True, slots=True)
class Reject(NetworkStep):
    """A firewall on the path refuses what goes `towards` a host, from now on."""

    towards: Direction = "server"
    how: Refusal = "tcp-reset"


@dataclass(frozen=True, slots=True)
class Track(NetworkStep):
    """A stateful firewall on the path lets through only what it knows.

    It learns a connection from its SYN; what belongs to none is refused.
    """

    how: Refusal = "tcp-reset"


@dataclass(frozen=True, slots=True)
class Forget(NetworkStep):
    """The stateful firewall or NAT loses its table, as after an idle time."""


@dataclass(frozen=True, slots=True)
class Translate(NetworkStep):
    """A NAT on the path: the client reaches the server at the NAT's own address.

    As behind a published port or a load balancer, the destination is exchanged
    for the server's by what the NAT remembers of the connection's SYN. After
    Forget nothing more is exchanged: the NAT's kernel answers the client itself,
    and what the server sends arrives from an address unknown to the client.
    """


@dataclass(frozen=True, slots=True)
class Narrow(NetworkStep):
    """Packets of more than `mtu` octets are lost, and nobody is told.

    A path MTU black hole (RFC 2923, 2.1): the ICMP error that would tell the
    sender is filtered.
    """

    mtu: int


@dataclass(frozen=True, slots=True)
class Network:
    """The path between the hosts."""

    def cut(self, towards: Direction = "both") -> Cut:
        """Nothing gets through."""
        return Cut(towards)

    def heal(self) -> Heal:
        """Everything gets through again."""
        return Heal()

    def lose(self, towards: HostName, kind: Kind = "any", count: int = 1) -> Lose:
        """The next such segments are lost."""
        return Lose(towards, kind, count)

    def duplicate(
        self, towards: HostName, kind: Kind = "any", count: int = 1
    ) -> Duplicate:
        """The next such segments arrive twice."""
        return Duplicate(towards, kind, count)

    def delay(self, seconds: float) -> Delay:
        """Change the one-way delay."""
        return Delay(seconds)

    def forge(
        self,
        towards: HostName,
        flags: str = "R",
        *,
        connection: str = "a",
        seq_offset: int = 0,
        ack_offset: int = 0,
        payload: int = 0,
        ttl: int = 57,
        answers_pass: bool = False,
        port: int = PORT,
    ) -> Forge:
        """A third party sends a segment."""
        return Forge(
            towards,
            flags,
            connection,
            seq_offset,
            ack_offset,
            payload,
            ttl,
            answers_pass,
            port,
        )

    def reject(
        self, towards: Direction = "server", how: Refusal = "tcp-reset"
    ) -> Reject:
        """A firewall refuses; the wire must be routed."""
        return Reject(towards, how)

    def track(self, how: Refusal = "tcp-reset") -> Track:
        """A stateful firewall watches; the wire must be routed."""
        return Track(how)

    def forget(self) -> Forget:
        """The stateful firewall, or the NAT, forgets every connection."""
        return Forget()

    def translate(self) -> Translate:
        """A NAT stands for the server; the wire must be routed."""
        return Translate()

    def narrow(self, mtu: int) -> Narrow:
        """Lose every packet of more than `mtu` octets, IP header included."""
        return Narrow(mtu)
