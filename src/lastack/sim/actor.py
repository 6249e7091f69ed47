"""A program of a scenario: its process, its sockets by name, the calls to come."""

from collections import deque
from collections.abc import Callable
from typing import Final

from lastack.sim.host import Host
from lastack.sim.sockets import Pending
from lastack.sim.stage import CLIENT_ADDRESS, SERVER_ADDRESS, Ends, Stage
from lastack.sim.system_calls import Process
from lastack.tcp import scenario as plot
from lastack.tcp.segment import Address

_TEXT: Final = bytes(range(32, 127)) * 64
_FIRST_CHILD: Final = 1000


class Actor:
    """A program that knows its sockets by the names that the scenario gives them.

    `current` is the call that it is in, `since` how long the timeline was when
    that began, `waiting` are those that follow; `stuck` says that the director
    has waited long enough for it.
    """

    def __init__(
        self,
        name: str,
        host: Host,
        process: Process,
        stage: Stage,
        cast: "dict[str, Actor]",
    ) -> None:
        self.name = name
        self.host = host
        self.process = process
        self.stage = stage
        self.cast = cast
        self.sockets: dict[str, int] = {}
        self.waiting: deque[plot.Call] = deque()
        self.current: tuple[plot.Call, Pending] | None = None
        self.since = 0
        self.stopped = False
        self.stuck = False

    @property
    def busy(self) -> bool:
        """Whether it is in a call, or has one to make."""
        return bool(self.waiting) or self.current is not None

    def end(self) -> None:
        """Forget its calls and sockets: the process is gone."""
        self.current = None
        self.waiting.clear()
        self.sockets.clear()

    def begin(self, step: plot.Call) -> Pending:
        """Begin a call; raises NotImplementedError for one that is not known here."""
        process, name = self.process, step.socket
        begin = self._beginnings.get(type(step))
        if begin is not None:
            return begin(self, step)
        number = self.sockets.get(name, -1)
        if number not in process.descriptors:
            return self._returned("-EBADF")
        match step:
            case plot.Send(count=count, everything=everything):
                text = (_TEXT * (count // len(_TEXT) + 1))[:count]
                return process.send(
                    number, text, everything=everything, urgent=step.out_of_band
                )
            case plot.Receive(out_of_band=True):
                return process.receive_urgent(number)
            case plot.Receive():
                return process.receive(
                    number,
                    step.count,
                    everything=step.everything,
                    peek=step.peek,
                    wait=step.wait,
                )
            case plot.Shutdown(how=how):
                return process.shutdown(
                    number, read=how in ("RD", "RDWR"), write=how in ("WR", "RDWR")
                )
            case plot.Close():
                del self.sockets[name]
                pending = process.close(number)
                if number in process.descriptors:
                    self.sockets[name] = number
                return pending
            case plot.Disconnect():
                return process.disconnect(number)
            case plot.Option(name=option, value=value):
                return process.set_option(number, option, value)
            case plot.SocketError():
                return process.socket_error(number)
            case plot.Poll():
                return process.poll(number)
            case _:
                raise NotImplementedError(f"the simulator does not know {step}")

    def _returned(self, result: str) -> Pending:
        pending = Pending(self.stage.world.now)
        pending.finish(result, pending.started)
        return pending

    def _socket(self, name: str, options: tuple[tuple[str, int], ...] = ()) -> int:
        number = self.process.socket()
        self.sockets[name] = number
        for option, value in options:
            self.process.set_option(number, option, value)
        return number

    def _listen(self, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Listen)
        number = self._socket(step.socket, step.options)
        return self.process.listen(number, step.port, step.backlog)

    def _bind(self, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Bind)
        return self.process.bind(self._socket(step.socket), step.port)

    def _connect(self, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Connect)
        number = self._socket(step.socket, step.options)
        port = step.local_port or self.host.choose_port()
        self.process.bind(number, port)
        here, there = CLIENT_ADDRESS, SERVER_ADDRESS
        if self.host is self.stage.server:
            here, there = there, here
        remote = Address(there, step.port)
        self.stage.ends[step.socket] = Ends(Address(here, port), remote)
        return self.process.connect(number, remote)

    def _accept(self, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Accept)
        listener = self.sockets.get(step.listener, -1)
        if listener not in self.process.descriptors:
            return self._returned("-EBADF")
        return self.process.accept(listener)

    def _fork(self, step: plot.Call) -> Pending:
        assert isinstance(step, plot.Fork)
        process = self.process.fork(step.child)
        child = Actor(step.child, self.host, process, self.stage, self.cast)
        child.sockets = dict(self.sockets)
        self.cast[step.child] = child
        return self._returned(str(_FIRST_CHILD + len(self.cast)))

    _beginnings: Final[
        dict[type[plot.Call], Callable[["Actor", plot.Call], Pending]]
    ] = {
        plot.Listen: _listen,
        plot.Bind: _bind,
        plot.Connect: _connect,
        plot.Accept: _accept,
        plot.Fork: _fork,
    }
