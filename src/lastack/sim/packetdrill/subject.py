"""The kernel that a script is about, and what its program calls.

A `Subject` takes calls and segments, lets time pass, and has what it sent. Here
is the simulated one; another may be a real kernel behind a TUN device.
"""

from collections import deque
from dataclasses import dataclass, replace
from typing import Final, Protocol

from lastack.sim.generator import Generator
from lastack.sim.host import Host
from lastack.sim.link import Conditions, Link, Receiver
from lastack.sim.packetdrill.expression import STATES
from lastack.sim.personality import Personality
from lastack.sim.settings import with_setting
from lastack.sim.sockets import Pending
from lastack.sim.tcb import Tcb
from lastack.sim.urgent import at_mark, readable
from lastack.sim.world import World
from lastack.tcp.error_numbers import ERROR_NUMBERS
from lastack.tcp.segment import Address, Segment
from lastack.tcp.states import State

LOCAL: Final = "192.0.2.129"
REMOTE: Final = "192.0.2.1"
PORT: Final = 8080

ERRNO: Final = ERROR_NUMBERS["linux"]
"""Linux's numbers, which scripts may write for SO_ERROR."""

_LINUX_STATES: Final = {
    State.ESTABLISHED: "TCP_ESTABLISHED",
    State.SYN_SENT: "TCP_SYN_SENT",
    State.SYN_RECEIVED: "TCP_SYN_RECV",
    State.FIN_WAIT_1: "TCP_FIN_WAIT1",
    State.FIN_WAIT_2: "TCP_FIN_WAIT2",
    State.TIME_WAIT: "TCP_TIME_WAIT",
    State.CLOSED: "TCP_CLOSE",
    State.CLOSE_WAIT: "TCP_CLOSE_WAIT",
    State.LAST_ACK: "TCP_LAST_ACK",
    State.LISTEN: "TCP_LISTEN",
    State.CLOSING: "TCP_CLOSING",
}


@dataclass(frozen=True, slots=True)
class Request:
    """A call, free of notation.

    `number` is a size, a port, a backlog or an option's value; `option` the
    option's name, `how` of shutdown, or MSG_ flags with `|`. SO_LINGER off is -1.
    """

    name: str
    descriptor: int = -1
    number: int = 0
    option: str = ""


@dataclass(slots=True)
class Answer:
    """What a call gave: `pending` while it lasts, then a value that it filled in.

    `value` is SO_ERROR's number, SIOCINQ's count; `events` what poll() found.
    """

    pending: Pending
    value: int = 0
    events: str = ""


class Subject(Protocol):
    """A kernel under test, with one program; times in nanoseconds from 0."""

    sent: deque[Segment]
    patience: int
    """For how long a call that does not block may last."""

    @property
    def now(self) -> int:
        """The time."""

    def run_until(self, time: int) -> None:
        """Let time pass."""

    def run_until_sent(self, time: int) -> None:
        """Let time pass until there is a segment in `sent`, at most until `time`."""

    def run_until_returned(self, answer: Answer, time: int) -> None:
        """Let time pass until a call returned, at most until `time`."""

    def arrives(self, segment: Segment) -> None:
        """Let a segment arrive."""

    def icmp_arrives(self, kind: str, quoted: Segment) -> None:
        """Let an ICMP error arrive about a segment that was sent."""

    def call(self, request: Request) -> Answer:
        """Let the program call; raises LookupError for what is not known here."""

    def set(self, name: str, value: str) -> None:
        """Change a kernel setting; raises LookupError if there is none."""

    def information(self) -> dict[str, int]:
        """Return TCP_INFO's numbers of the latest connection."""


class _Tap(Link):
    """A link that ends in the script: what the host sends is kept in `sent`."""

    def __init__(self, host: Host, sent: deque[Segment]) -> None:
        super().__init__(host.world, host, host, Generator(0), Conditions(delay=0))
        self.sent = sent

    def send(self, sender: Receiver, segment: Segment) -> None:
        """Keep what the host sends."""
        self.sent.append(replace(segment, time=self.world.now))


class SimulatedSubject:
    """One simulated host, whose link ends in the script."""

    def __init__(self, personality: Personality, *, seed: int = 1) -> None:
        self.patience = 0
        self.world = World(silent=True)
        self.sent: deque[Segment] = deque()
        self.host = Host(self.world, "host", LOCAL, personality, Generator(seed))
        self.host.link = _Tap(self.host, self.sent)
        self.process = self.host.spawn("script")

    @property
    def now(self) -> int:
        """The virtual time."""
        return self.world.now

    def run_until(self, time: int) -> None:
        """Let virtual time pass."""
        self.world.run_until(time)

    def run_until_sent(self, time: int) -> None:
        """Let it pass until something was sent."""
        self.world.run_while(lambda: not self.sent, time)

    def run_until_returned(self, answer: Answer, time: int) -> None:
        """Let it pass until the call returned."""
        self.world.run_while(lambda: answer.pending.result is None, time)

    def arrives(self, segment: Segment) -> None:
        """Let a segment arrive."""
        self.host.arrives(segment)

    def icmp_arrives(self, kind: str, quoted: Segment) -> None:
        """Let an ICMP error arrive."""
        self.host.icmp_arrives(kind, quoted)

    def set(self, name: str, value: str) -> None:
        """Change the personality as sysctl would."""
        self.host.personality = with_setting(self.host.personality, name, value)
        for connection in self.host.connections.values():
            connection.endpoint.tcb.personality = self.host.personality

    def call(self, request: Request) -> Answer:
        """Call as the script's program."""
        process = self.process
        fd = request.descriptor
        if request.name == "socket":
            return self._returned(str(process.socket()))
        if fd not in process.descriptors:
            return self._returned("-EBADF")
        socket = process.descriptors[fd]
        endpoint = socket.endpoint
        match request.name:
            case "bind":
                return Answer(process.bind(fd, request.number))
            case "listen":
                port = socket.local_port or PORT
                return Answer(process.listen(fd, port, request.number))
            case "accept":
                return Answer(process.accept(fd))
            case "connect":
                return Answer(process.connect(fd, Address(REMOTE, request.number)))
            case "send":
                urgent = "MSG_OOB" in request.option
                data = bytes(request.number)
                return Answer(process.send(fd, data, urgent=urgent))
            case "receive" if "MSG_OOB" in request.option:
                return Answer(process.receive_urgent(fd))
            case "receive":
                return Answer(
                    process.receive(
                        fd,
                        request.number,
                        peek="MSG_PEEK" in request.option,
                        wait="MSG_DONTWAIT" not in request.option,
                    )
                )
            case "close":
                return Answer(process.close(fd))
            case "shutdown":
                read = request.option != "SHUT_WR"
                write = request.option != "SHUT_RD"
                return Answer(process.shutdown(fd, read=read, write=write))
            case "setsockopt":
                return Answer(process.set_option(fd, request.option, request.number))
            case "SO_ERROR":
                pending = process.socket_error(fd)
                name = (pending.result or "0").removeprefix("-")
                pending.result = "0"
                return Answer(pending, ERRNO.get(name, 0))
            case "SIOCINQ":
                return self._returned("0", readable(endpoint.tcb) if endpoint else 0)
            case "SIOCATMARK":
                marked = endpoint is not None and at_mark(endpoint.tcb)
                return self._returned("0", int(marked))
            case "SIOCOUTQ":
                queued = _unacknowledged(endpoint.tcb) if endpoint else 0
                return self._returned("0", queued)
            case "poll":
                return self._returned("0", events=socket.poll())
            case "F_GETFL":
                return self._returned("2050" if socket.nonblocking else "2")
            case _:
                raise LookupError(f"the call {request.name} is not known here")

    def _returned(self, result: str, value: int = 0, events: str = "") -> Answer:
        pending = Pending(self.now)
        pending.finish(result, self.now)
        return Answer(pending, value, events)

    def information(self) -> dict[str, int]:
        """Return what TCP_INFO would say of the newest connection that has a socket."""
        tcbs = [
            socket.endpoint.tcb
            for socket in self.process.descriptors.values()
            if socket.endpoint is not None
        ]
        return _tcp_info(tcbs[-1]) if tcbs else {}


def _unacknowledged(tcb: Tcb) -> int:
    if tcb.state in (State.SYN_SENT, State.SYN_RECEIVED):
        return 0
    # What is over, still counts what it had not sent (tcp.c:tcp_ioctl).
    waiting = len(tcb.send_queue) + tcb.left_unsent
    return waiting + (tcb.snd_nxt - tcb.snd_una) % (1 << 32)


def linux_state(tcb: Tcb) -> str:
    """Return the state that TCP_INFO has; a socket whose bucket waits is closed."""
    return "TCP_CLOSE" if tcb.mini else _LINUX_STATES[tcb.state]


def _tcp_info(tcb: Tcb) -> dict[str, int]:
    """Return struct tcp_info's fields as far as the model has them."""
    return {
        "tcpi_state": STATES[linux_state(tcb)],
        "tcpi_retransmits": tcb.retransmits,
        "tcpi_probes": tcb.probes_out,
        "tcpi_backoff": tcb.backoff,
        "tcpi_options": tcb.ts_ok | tcb.sack_ok << 1 | tcb.scale_ok << 2,
        "tcpi_snd_wscale": tcb.snd_scale,
        "tcpi_rcv_wscale": tcb.rcv_scale,
        "tcpi_rto": tcb.rto // 1000,
        "tcpi_rtt": tcb.srtt >> 3,
        "tcpi_snd_mss": tcb.mss - 12 * tcb.ts_ok,
        "tcpi_unacked": len(tcb.flight),
        "tcpi_sacked": sum(entry.sacked for entry in tcb.flight),
        "tcpi_lost": sum(entry.lost for entry in tcb.flight),
        "tcpi_snd_cwnd": tcb.cwnd,
        "tcpi_snd_ssthresh": min(tcb.ssthresh, (1 << 31) - 1),
        "tcpi_notsent_bytes": len(tcb.send_queue),
    }
