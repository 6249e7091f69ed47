"""The real kernel as the subject of packetdrill's scripts, in real time.

The program's calls are made by a thread of its own, since they may block.
"""

import queue
import select
import socket
import threading
from typing import TYPE_CHECKING, Final, Self

from lastack.lab.real_sockets import RealSockets
from lastack.lab.tun_host import TunHost, errno_name
from lastack.sim.packetdrill.subject import LOCAL, REMOTE, Answer, Request
from lastack.sim.sockets import Pending
from lastack.tcp.icmp import IcmpError, icmp_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from lastack.tcp.segment import Segment

_PATIENCE: Final = 200_000_000
_ICMP: Final = {
    "port-unreachable": "unreachable port",
    "host-unreachable": "unreachable host",
    "net-unreachable": "unreachable net",
    "admin-prohibited": "unreachable admin_prohibited",
}


class ScriptKernel:
    """A kernel under test; use it as a context, so that its namespace goes."""

    def __init__(self) -> None:
        self.host = TunHost(LOCAL)
        self.sent = self.host.sent
        self.patience = _PATIENCE
        self.program = RealSockets()
        self._tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._returned, self._returns = socket.socketpair()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every socket, and remove the namespace."""
        self._tasks.put(None)
        self.program.abandon()
        self._thread.join(1)
        self._returned.close()
        self._returns.close()
        self.host.close()

    def _work(self) -> None:
        with self.host.namespace.entered():
            while (task := self._tasks.get()) is not None:
                task()

    # Time ------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The real time."""
        return self.host.now

    def run_until(self, time: int) -> None:
        """Let real time pass."""
        while self.now < time:
            self.host.wait(time)

    def run_until_sent(self, time: int) -> None:
        """Let it pass until the kernel sends."""
        self.host.read()
        while not self.sent and self.now < time:
            self.host.wait(time)

    def run_until_returned(self, answer: Answer, time: int) -> None:
        """Let it pass until a call returned."""
        while answer.pending.result is None and self.now < time:
            self.host.wait(time, self._returned.fileno())
            if select.select([self._returned], [], [], 0)[0]:
                self._returned.recv(64)

    # What arrives ------------------------------------------------------------------

    def arrives(self, segment: "Segment") -> None:
        """Let a segment arrive."""
        self.host.read()
        self.host.write(segment)

    def icmp_arrives(self, kind: str, quoted: "Segment") -> None:
        """Let an ICMP error arrive."""
        numbers = icmp_names(4)[_ICMP[kind]]
        self.host.write(IcmpError(self.now, REMOTE, *numbers, quoted))

    def set(self, name: str, value: str) -> None:
        """Change a setting of the namespace."""
        full = name if name.startswith("net.") else f"net.ipv4.{name}"
        try:
            self.host.namespace.set(full, value)
        except OSError as error:
            raise LookupError(f"{full}: {error}") from None

    # Calls -------------------------------------------------------------------------

    def call(self, request: Request) -> Answer:
        """Let the program's thread make a call."""
        pending = Pending(self.now)
        answer = Answer(pending)

        def task() -> None:
            try:
                result = self.program.do(request, answer)
            except OSError as error:
                result = errno_name(error)
            pending.finish(result, self.now)
            self._returns.send(b".")

        self._tasks.put(task)
        return answer

    def information(self) -> dict[str, int]:
        """Return TCP_INFO of the newest connection."""
        return self.program.information()
