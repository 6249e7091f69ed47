"""What a laboratory run and a simulated one both tell: the lines of a timeline.

A capture holds segments only; a laboratory on the real kernel and the simulator
see the programs' calls, the sockets and the kernel's reasons as well. Both emit
these records, so one renderer tells both stories.
"""

from dataclasses import dataclass

from lastack.tcp.segment import Address, Segment


@dataclass(frozen=True, slots=True)
class Call:
    """A program called the kernel, as truss and strace print it.

    `time` and `duration` in nanoseconds; `result` is `0`, a count, or an
    errno's name with a minus sign, `-ECONNRESET`.
    """

    time: int
    host: str
    process: str
    name: str
    arguments: str
    result: str
    duration: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A segment passed a place: `client`, `wire` or `server`.

    `fate` is what became of it there: `` (it went on), `lost`, `duplicated`,
    `forged`.
    """

    time: int
    where: str
    segment: Segment
    fate: str = ""


@dataclass(frozen=True, slots=True)
class Datagram:
    """A packet without TCP passed a place: a UDP datagram, an ICMP error.

    `text` is what tcpdump prints behind the addresses. Ports are 0 in ICMP;
    `leaves` is whether the host at that place sent it.
    """

    time: int
    where: str
    source: Address
    destination: Address
    text: str
    leaves: bool


@dataclass(frozen=True, slots=True)
class SocketState:
    """A socket's state, queues and timer changed, as ss prints them.

    `receive_queue` and `send_queue` in octets; `timer` like `on,200ms,1`, or
    empty; `orphan` when no descriptor refers to it any more; `protocol` is `tcp`
    or `udp`.
    """

    time: int
    host: str
    local: str
    peer: str
    state: str
    receive_queue: int = 0
    send_queue: int = 0
    timer: str = ""
    orphan: bool = False
    protocol: str = "tcp"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something happened to a host or on the path: `text` as a person tells it.

    `where` is `client`, `wire` or `server`.
    """

    time: int
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class KernelReason:
    """The kernel said why: a reset reason, a counter that moved, an errno."""

    time: int
    host: str
    kind: str
    reason: str
    connection: str = ""


TimelineEvent = Call | Sent | Datagram | SocketState | Happening | KernelReason
