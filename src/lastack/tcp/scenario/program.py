"""A program on a host, and the calls that it can make."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lastack.tcp.scenario.calls import (
    PORT,
    Accept,
    Bind,
    Close,
    Connect,
    Disconnect,
    Exit,
    Fork,
    Kill,
    Listen,
    Option,
    Poll,
    Receive,
    Resume,
    Run,
    Send,
    Shutdown,
    SocketError,
    Start,
    Stop,
)
from lastack.tcp.scenario.step import HostName, Step


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
