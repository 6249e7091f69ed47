"""What two programs and the network between them do, step by step.

A scenario says what happens and nothing of how it is carried out: the
laboratory runs it with processes and namespaces on the real kernel, the
simulator in virtual time. Both follow the same rules:

- A director carries the steps out strictly in order. A call returns before the
  next step begins, unless it was started `in_background()`; then the director
  goes on at once, and the program's own next call starts when it has returned.
- A step takes no time of its own. Two steps in a row happen at the same
  instant, so their segments cross on a wire that has a delay.
- Sockets have names, by default one connection `a`, and the server's
  `listener`. A connection is called as the socket that connected is called.
- A program is single-threaded and blocks, unless `nonblocking()` was set.
- Times are in seconds, sizes in octets. A result is written as in a timeline:
  `0`, a count, or an errno's name with a minus sign, `-ECONNRESET`.

>>> client.send(100).gives("100")
Send(program=Program(name='client', host='client'), ...)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self

HostName = Literal["client", "server"]
Direction = Literal["client", "server", "both"]
Kind = Literal["any", "SYN", "SYN-ACK", "ACK", "data", "FIN", "RST"]
Refusal = Literal[
    "tcp-reset",
    "drop",
    "host-unreachable",
    "net-unreachable",
    "port-unreachable",
    "admin-prohibited",
]
PORT = 8080
UNFINISHED = "unfinished"
SETTLE_S = 0.06


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens; the director takes the next when it is done."""


@dataclass(frozen=True, slots=True)
class Wait(Step):
    """Nothing is done for `seconds`; segments and timers go on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Settle(Step):
    """What is on its way arrives, and is answered, however long the wire is.

    It takes two round trips and SETTLE_S more, which covers the 40 ms of a
    delayed acknowledgement.
    """


# What a program calls --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Call(Step):
    """A program calls its kernel with the socket that it knows as `socket`.

    `expected` are the results that it may return, empty where none is demanded;
    `elsewhere` pairs an operating system with the result which is seen there.
    """

    program: "Program"
    socket: str
    expected: tuple[str, ...] = field(default=(), kw_only=True)
    elsewhere: tuple[tuple[str, str], ...] = field(default=(), kw_only=True)
    background: bool = field(default=False, kw_only=True)

    def gives(self, *results: str, **elsewhere: str) -> Self:
        """Return this call with the results that it must return, any of them.

        A keyword names another system's: `.gives("0", freebsd="-EWOULDBLOCK")`.
        """
        return replace(self, expected=results, elsewhere=tuple(elsewhere.items()))

    def in_background(self) -> Self:
        """Return this call for which the director does not wait."""
        return replace(self, background=True)

    def never_returns(self) -> Self:
        """Return this call, which still blocks when the scenario ends."""
        return replace(self, background=True, expected=(UNFINISHED,))


@dataclass(frozen=True, slots=True)
class Listen(Call):
    """socket(), bind() and listen(); at most `backlog` + 1 wait for accept()."""

    port: int = PORT
    backlog: int = 128
    options: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Bind(Call):
    """socket() and bind(), and neither listen() nor connect()."""

    port: int = PORT


@dataclass(frozen=True, slots=True)
class Connect(Call):
    """socket(), the options, and connect() to the other host's `port`.

    `local_port` 0 lets the kernel choose; `options` are set before connect(),
    SO_REUSEADDR always.
    """

    port: int = PORT
    local_port: int = 0
    options: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Accept(Call):
    """accept() on `listener`; the new socket is known as `socket`."""

    listener: str = "listener"


@dataclass(frozen=True, slots=True)
class Send(Call):
    """send() of `count` octets; with `everything`, until all are accepted.

    A result less than `count` is what a non-blocking socket or an interrupted
    send() took. `out_of_band` is MSG_OOB.
    """

    count: int = 1
    everything: bool = True
    out_of_band: bool = False


@dataclass(frozen=True, slots=True)
class Receive(Call):
    """recv() of at most `count` octets: the count, `0` at end of file, an errno.

    With `everything` it is repeated until `count` octets came, or end of file
    (then the result is what came, `0` included), or an error. `peek` is
    MSG_PEEK, `out_of_band` MSG_OOB, `wait` False is MSG_DONTWAIT.
    """

    count: int = 65536
    everything: bool = False
    peek: bool = False
    out_of_band: bool = False
    wait: bool = True


@dataclass(frozen=True, slots=True)
class Shutdown(Call):
    """shutdown() of `how`."""

    how: Literal["RD", "WR", "RDWR"] = "WR"


@dataclass(frozen=True, slots=True)
class Close(Call):
    """close() of the descriptor; the connection ends with the last of them."""


@dataclass(frozen=True, slots=True)
class Disconnect(Call):
    """connect() to AF_UNSPEC, which aborts the connection on Linux."""


@dataclass(frozen=True, slots=True)
class Option(Call):
    """setsockopt(); `name` as the kernel's headers write it.

    SO_LINGER has its time as value, or -1 for off; TCP_USER_TIMEOUT is in
    milliseconds, O_NONBLOCK is 1 or 0.
    """

    name: str = ""
    value: int = 1


@dataclass(frozen=True, slots=True)
class SocketError(Call):
    """getsockopt(SO_ERROR): `0`, or the errno, which is thereby cleared."""


@dataclass(frozen=True, slots=True)
class Poll(Call):
    """poll() without waiting, for all events: `POLLIN|POLLOUT|POLLRDHUP`."""


@dataclass(frozen=True, slots=True)
class Fork(Call):
    """fork(): `child` is a program that shares every descriptor."""

    child: str = "child"


@dataclass(frozen=True, slots=True)
class Exit(Call):
    """The program ends of itself; its descriptors are closed."""


@dataclass(frozen=True, slots=True)
class Kill(Call):
    """SIGKILL: the program ends at once, and the kernel closes for it."""


@dataclass(frozen=True, slots=True)
class Start(Call):
    """A program that was killed or has ended starts anew, without sockets."""


@dataclass(frozen=True, slots=True)
class Stop(Call):
    """SIGSTOP: the program hangs, and its kernel goes on for it."""


@dataclass(frozen=True, slots=True)
class Resume(Call):
    """SIGCONT: the program goes on."""


@dataclass(frozen=True, slots=True)
class Run(Call):
    """The program becomes another one, `nc` or `curl`, with real sockets.

    In `command`, `{server}` and `{port}` are replaced. It is over when Kill or
    Exit says so, or by itself; `waits` asks for its end, the result is its exit
    code. The simulator cannot run it.
    """

    command: tuple[str, ...] = ()
    typed: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A process on a host; it is there from the scenario's beginning on."""

    name: str
    host: HostName

    def listen(
        self,
        name: str = "listener",
        *,
        backlog: int = 128,
        port: int = PORT,
        options: Mapping[str, int] | None = None,
    ) -> Listen:
        """A listening socket; `options` are set before it listens."""
        return Listen(self, name, port, backlog, tuple((options or {}).items()))

    def bind(self, name: str = "bound", *, port: int = PORT) -> Bind:
        """A socket that has an address and does not listen."""
        return Bind(self, name, port)

    def connect(
        self,
        name: str = "a",
        *,
        port: int = PORT,
        local_port: int = 0,
        options: Mapping[str, int] | None = None,
    ) -> Connect:
        """A new connection to the other host, called `name`."""
        return Connect(self, name, port, local_port, tuple((options or {}).items()))

    def accept(self, name: str = "a", *, listener: str = "listener") -> Accept:
        """The next connection of the accept queue, called `name` here."""
        return Accept(self, name, listener)

    def send(
        self,
        count: int = 1,
        name: str = "a",
        *,
        everything: bool = True,
        out_of_band: bool = False,
    ) -> Send:
        """Send `count` octets."""
        return Send(self, name, count, everything, out_of_band)

    def receive(
        self,
        count: int = 65536,
        name: str = "a",
        *,
        everything: bool = False,
        peek: bool = False,
        out_of_band: bool = False,
        wait: bool = True,
    ) -> Receive:
        """Receive at most `count` octets, or all of them with `everything`."""
        return Receive(self, name, count, everything, peek, out_of_band, wait)

    def shutdown(
        self, how: Literal["RD", "WR", "RDWR"] = "WR", name: str = "a"
    ) -> Shutdown:
        """Shut down reading, writing (the half-close), or both."""
        return Shutdown(self, name, how)

    def close(self, name: str = "a") -> Close:
        """Close the descriptor."""
        return Close(self, name)

    def disconnect(self, name: str = "a") -> Disconnect:
        """Abort with connect(AF_UNSPEC)."""
        return Disconnect(self, name)

    def set(self, option: str, value: int = 1, name: str = "a") -> Option:
        """Set a socket option by its kernel name."""
        return Option(self, name, option, value)

    def linger(self, seconds: int, name: str = "a") -> Option:
        """SO_LINGER: 0 aborts at close(), more makes close() block."""
        return Option(self, name, "SO_LINGER", seconds)

    def linger2(self, seconds: int, name: str = "a") -> Option:
        """TCP_LINGER2: the orphan's time in FIN_WAIT_2; negative aborts."""
        return Option(self, name, "TCP_LINGER2", seconds)

    def nonblocking(self, name: str = "a") -> Option:
        """O_NONBLOCK: calls return -EAGAIN (-EINPROGRESS) and do not wait."""
        return Option(self, name, "O_NONBLOCK", 1)

    def user_timeout(self, seconds: float, name: str = "a") -> Option:
        """TCP_USER_TIMEOUT (RFC 5482)."""
        return Option(self, name, "TCP_USER_TIMEOUT", round(seconds * 1000))

    def keepalive(
        self, idle: int = 1, interval: int = 1, count: int = 3, name: str = "a"
    ) -> list[Step]:
        """SO_KEEPALIVE and its three times, in whole seconds."""
        return [
            Option(self, name, "TCP_KEEPIDLE", idle),
            Option(self, name, "TCP_KEEPINTVL", interval),
            Option(self, name, "TCP_KEEPCNT", count),
            Option(self, name, "SO_KEEPALIVE", 1),
        ]

    def error(self, name: str = "a") -> SocketError:
        """Read SO_ERROR."""
        return SocketError(self, name)

    def poll(self, name: str = "a") -> Poll:
        """Ask which events are there."""
        return Poll(self, name)

    def fork(self, child: "Program") -> Fork:
        """Start `child`, which holds the same descriptors by the same names."""
        return Fork(self, "", child.name)

    def exit(self) -> Exit:
        """End of itself."""
        return Exit(self, "")

    def kill(self) -> Kill:
        """SIGKILL."""
        return Kill(self, "")

    def start(self) -> Start:
        """Start anew after a kill, an end or a power cut."""
        return Start(self, "")

    def stop(self) -> Stop:
        """SIGSTOP."""
        return Stop(self, "")

    def resume(self) -> Resume:
        """SIGCONT."""
        return Resume(self, "")

    def run(self, *command: str, typed: str = "", waits: bool = False) -> Run:
        """Become a real program; `typed` is what it reads from its terminal."""
        return Run(self, "", command, typed, waits)


# What happens to a host ------------------------------------------------------


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
    """The host loses its `interface`, `address` or `route`; programs live on."""

    what: Literal["interface", "address", "route"] = "interface"


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

    def unplug(
        self, what: Literal["interface", "address", "route"] = "interface"
    ) -> Unplug:
        """Take the interface down, or remove its address or its route."""
        return Unplug(self.name, what)

    def reject(self, how: Refusal = "tcp-reset") -> HostReject:
        """Refuse all TCP that comes in."""
        return HostReject(self.name, how)


# What happens on the path ----------------------------------------------------


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
    """The stateful firewall loses its table, as it does after an idle time."""


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
        """The stateful firewall forgets every connection."""
        return Forget()


client = Program("client", "client")
server = Program("server", "server")
client2 = Program("client2", "client")
server2 = Program("server2", "server")
client_host = Host("client")
server_host = Host("server")
network = Network()


def wait(seconds: float) -> Wait:
    """Let `seconds` pass."""
    return Wait(seconds)


def settle() -> Settle:
    """Let what is on its way arrive and be answered."""
    return Settle()


def exchange(
    rounds: int = 1, request: int = 100, response: int = 200, name: str = "a"
) -> list[Step]:
    """The client asks and the server answers, `rounds` times, all of it read."""
    return [
        step
        for _ in range(rounds)
        for step in (
            client.send(request, name),
            server.receive(request, name, everything=True),
            server.send(response, name),
            client.receive(response, name, everything=True),
        )
    ]


def established(
    rounds: int = 0, request: int = 100, response: int = 200, name: str = "a"
) -> list[Step]:
    """The server listens, the client connects, and they have talked a while."""
    return [
        server.listen(),
        client.connect(name),
        server.accept(name),
        *exchange(rounds, request, response, name),
    ]


# The scenario ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truth:
    """How a connection ended: a slug of the catalogue, and the side.

    `also` are other pairs which the same packets would allow a judge to say,
    and which are true as well: `("orderly-close", "server")` beside a
    `half-close`, where the scenario leaves it to chance. `at` is the truth as
    far as a capture at `client`, `wire` or `server` has a trace of it, where it
    differs: a server that a firewall on the path keeps in the dark has seen no
    ending, `{"server": ("still-open", "none")}`.
    """

    ending: str
    by: str
    also: tuple[tuple[str, str], ...] = ()
    at: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wire:
    """What lies between the hosts.

    `delay` and `jitter` in seconds one way; `loss` and `duplication` as
    probabilities 0..1. `routed` puts a kernel router with a firewall there,
    which lowers the hop limit, and on which the times do not apply.
    """

    delay: float = 0.01
    jitter: float = 0.0
    loss: float = 0.0
    duplication: float = 0.0
    routed: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario, its truth, and where it runs.

    `slug` is the file's name. `steps` takes the scenario's own parameters as
    typed keywords with defaults. `truth` is by connection. `reasons` are the
    kernel's reset reasons as `host:REASON`, each once, in order of their first
    appearance; `counters` those that must move, as `host:TCPAbortOnClose`.
    `seeds` are rows of the list of what must work. `varies` gives for a
    parameter the lowest and highest value for which the truth holds; labelled
    captures draw from it. `elsewhere` tells the truth of connection `a` on
    another operating system, where it differs. `not_in_lab` and `not_in_sim`
    give the reason why it cannot run there. After its last step it settles, and
    goes on for `epilogue` seconds; after `limit` seconds it is given up. Its
    truth needs a wire with a one-way delay of `least_delay` seconds or more, and
    without jitter where that is not 0.
    """

    slug: str
    steps: Callable[..., list[Step]]
    truth: Mapping[str, Truth]
    reasons: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    wire: Wire = Wire()
    varies: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    elsewhere: Mapping[str, Truth] = field(default_factory=dict)
    not_in_lab: str = ""
    not_in_sim: str = ""
    epilogue: float = 0.0
    least_delay: float = 0.0
    limit: float = 30.0
