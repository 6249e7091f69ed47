"""What a program calls: a step for each system call, and for its life and death."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Self

from lastack.tcp.scenario.step import Step

if TYPE_CHECKING:
    from lastack.tcp.scenario.program import Program

PORT = 8080
UNFINISHED = "unfinished"


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
