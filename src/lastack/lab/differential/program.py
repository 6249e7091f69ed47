"""The program of a sequence: one listening socket, one connection, on any kernel.

Its calls never wait, but for close() with SO_LINGER; what that does is `waits`.
"""

import os
import signal
import threading
from collections.abc import Callable
from typing import Final

from lastack.lab.differential.steps import Call
from lastack.lab.real_sockets import RealSockets
from lastack.lab.tun_host import errno_name
from lastack.sim.packetdrill.subject import Answer, Request, SimulatedSubject
from lastack.sim.sockets import Pending

_BACKLOG: Final = 4
_TELL: Final = {"SO_ERROR", "SIOCINQ", "SIOCOUTQ", "SIOCATMARK"}
_WAITS: Final = "waits"
_PATIENCE_S: Final = 0.004


class Program:
    """Makes the calls of a sequence by `ask`; `die` kills the process."""

    def __init__(
        self, ask: Callable[[Request], Answer], die: Callable[[], None], port: int
    ) -> None:
        self.ask = ask
        self.die = die
        self.port = port
        self.listener = -1
        self.connection = -1
        self.used = False

    def do(self, call: Call) -> str:
        """Make a call; return its result as timelines have it."""
        match call.name:
            case "listen":
                self.listener = self._socket()
                self.ask(Request("bind", self.listener, self.port))
                return self._ask(Request("listen", self.listener, _BACKLOG))
            case "socket":
                self.connection = self._socket()
                return "0"
            case "connect":
                if self.connection < 0:
                    if self.used or self.listener >= 0:
                        return "-EBADF"  # another connection is another sequence
                    self.connection = self._socket()
                return self._ask(Request("connect", self.connection, self.port))
            case "accept":
                return self._accept()
            case "kill":
                self.die()
                self.listener = self.connection = -1
                return "0"
        target = self.listener if call.listener else self.connection
        if target < 0:
            return "-EBADF"
        if call.name == "close":
            if call.listener:
                self.listener = -1
            else:
                self.connection = -1
        return self._ask(Request(call.name, target, call.number, call.option))

    def _socket(self) -> int:
        self.used = True
        number = int(self.ask(Request("socket")).pending.result or -1)
        self.ask(Request("setsockopt", number, 1, "O_NONBLOCK"))
        return number

    def _accept(self) -> str:
        result = self._ask(Request("accept", self.listener))
        if result.startswith("-"):
            return result
        self.connection = int(result)
        self.ask(Request("setsockopt", self.connection, 1, "O_NONBLOCK"))
        return "0"

    def _ask(self, request: Request) -> str:
        answer = self.ask(request)
        result = answer.pending.result or _WAITS
        if request.name in _TELL and result == "0":
            return str(answer.value)
        return answer.events if request.name == "poll" else result


def on_simulator(subject: SimulatedSubject, port: int) -> Program:
    """Return a program on a simulated host."""
    return Program(subject.call, subject.process.kill, port)


class _Kernel:
    """Makes requests at once; a close() that lingers goes on in a thread."""

    def __init__(self, sockets: RealSockets) -> None:
        self.sockets = sockets
        self.lingering: set[int] = set()

    def ask(self, request: Request) -> Answer:
        answer = Answer(Pending(0))

        def call() -> None:
            answer.pending.finish(_result(self.sockets, request, answer), 0)

        if request.option == "SO_LINGER" and request.number > 0:
            self.lingering.add(request.descriptor)
        elif request.option == "SO_LINGER":
            self.lingering.discard(request.descriptor)
        elif request.name == "close" and request.descriptor in self.lingering:
            self.lingering.discard(request.descriptor)
            thread = threading.Thread(target=call, daemon=True)
            thread.start()
            thread.join(_PATIENCE_S)
            return answer
        call()
        return answer


def on_kernel(sockets: RealSockets, port: int) -> Program:
    """Return a program on this kernel, in the current namespace."""
    return Program(_Kernel(sockets).ask, lambda: _kill(sockets), port)


def _result(sockets: RealSockets, request: Request, answer: Answer) -> str:
    try:
        return sockets.do(request, answer)
    except OSError as error:
        return errno_name(error)


def _kill(sockets: RealSockets) -> None:
    """Let a process be killed that has the last reference to every socket."""
    numbers = list(sockets.sockets)
    for number in numbers:
        os.set_inheritable(number, True)
    heir = os.posix_spawn("/bin/sleep", ["sleep", "9"], {})
    for sock in sockets.sockets.values():
        sock.close()
    sockets.sockets.clear()
    os.kill(heir, signal.SIGKILL)
    os.waitpid(heir, 0)
