r"""A small program for a simulated host, one call a word: `receive,send=200,close`.

words = parse_calls("receive,send=HTTP/1.0 200 OK\r\n\r\nhello,close")
server = Server(process, 8080, words)
server.advance()    # whenever the world has moved on
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lastack.sim.sockets import Pending
from lastack.sim.system_calls import Process
from lastack.tcp.events import Call
from lastack.tcp.segment import Address

CALLS: Final = {
    "send": "send N octets, or a text with \\r and \\n",
    "receive": "recv() once, at most N octets",
    "drain": "recv() until end of file",
    "wait": "do nothing for N seconds",
    "linger": "SO_LINGER {1, N}",
    "shutdown": "shutdown(SHUT_WR)",
    "close": "close()",
    "abort": "SO_LINGER {1, 0}, then close()",
    "kill": "the program dies",
}
"""What a program may do, and what it means."""

_NUMBER_OF: Final = {"send": 100, "receive": 65536, "wait": 1, "linger": 1}
_TEXT: Final = b"abcdefghijklmnopqrstuvwxyz0123456789\n"
_BACKLOG: Final = 128
_SECOND: Final = 1_000_000_000
_MOST: Final = 1 << 24
_ALL: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Word:
    """A call with its argument: a `number`, or the `text` that is sent."""

    name: str
    number: float = 0
    text: bytes = b""


def parse_calls(text: str) -> tuple[Word, ...]:
    """Read `receive,send=200,close`; raises ValueError that lists what there is."""
    words = []
    for part in filter(None, text.split(",")):
        name, equals, argument = part.partition("=")
        if name not in CALLS:
            raise ValueError(f"no call {name!r}; there are {', '.join(CALLS)}")
        if equals and name not in _NUMBER_OF:
            raise ValueError(f"{name} takes no argument")
        number: float = _NUMBER_OF.get(name, 0)
        octets = b""
        if equals:
            try:
                number = float(argument)
            except ValueError:
                if name != "send":
                    raise ValueError(f"{part!r}: expected a number") from None
                octets = argument.encode().decode("unicode_escape").encode("latin-1")
            else:
                if not 0 <= number <= _MOST:
                    raise ValueError(f"{part!r}: expected 0 to {_MOST}")
        words.append(Word(name, number, octets))
    return tuple(words)


def text_of(count: int) -> bytes:
    """Return `count` octets that a terminal can show: lines, the last one ended."""
    return ((_TEXT * (count // len(_TEXT) + 1))[: max(count - 1, 0)] + b"\n")[:count]


class Program:
    """Makes the calls of `words` on one descriptor, each when the last returned."""

    def __init__(
        self, process: Process, descriptor: int, words: Sequence[Word], name: str = "a"
    ) -> None:
        self.process = process
        self.descriptor = descriptor
        self.words = list(words)
        self.name = name
        self._waits_until = 0
        self._current: tuple[str, str, Pending] | None = None

    @property
    def is_over(self) -> bool:
        """Whether every call has returned."""
        return self._current is None and not self.words

    def begin(self, name: str, arguments: str, pending: Pending) -> None:
        """Let it be in a call that somebody made for it."""
        self._current = name, arguments, pending

    def advance(self) -> None:
        """Take the result of the call, and make those that follow."""
        world = self.process.host.world
        while True:
            if self._current is not None:
                name, arguments, pending = self._current
                if pending.result is None:
                    return
                _tell(self.process, name, arguments, pending)
                self._current = None
            if not self.words or self._waits_until > world.now:
                return
            word = self.words.pop(0)
            if word.name == "wait":
                self._waits_until = world.now + round(word.number * _SECOND)
                world.at(self._waits_until, _nothing)
            elif word.name == "kill":
                self.words.clear()
                self.process.kill()
            elif self.descriptor in self.process.descriptors:
                self._current = self._call(word)
            else:
                self.words.clear()

    def _call(self, word: Word) -> tuple[str, str, Pending]:
        process, number, count = self.process, self.descriptor, int(word.number)
        match word.name:
            case "send":
                octets = word.text or text_of(count)
                pending = process.send(number, octets, everything=True)
                return "sendto", f"{self.name}, {len(octets)}", pending
            case "receive":
                return (
                    "recvfrom",
                    f"{self.name}, {count}",
                    process.receive(number, count),
                )
            case "drain":
                pending = process.receive(number, _ALL, everything=True)
                return "recvfrom", f"{self.name}, all", pending
            case "linger":
                pending = process.set_option(number, "SO_LINGER", count)
                return "setsockopt", f"{self.name}, SO_LINGER, {{1, {count}}}", pending
            case "shutdown":
                pending = process.shutdown(number, read=False, write=True)
                return "shutdown", f"{self.name}, SHUT_WR", pending
            case "abort":
                process.set_option(number, "SO_LINGER", 0)
        return "close", self.name, process.close(number)


class Server:
    """Listens at a port, and runs a program for each connection."""

    def __init__(self, process: Process, port: int, words: Sequence[Word]) -> None:
        self.process = process
        self.words = words
        self.programs: list[Program] = []
        self.descriptor = process.socket()
        pending = process.listen(self.descriptor, port, _BACKLOG)
        _tell(process, "listen", f"port {port}", pending)
        self._accepting = process.accept(self.descriptor)

    def advance(self) -> None:
        """Accept who has come, and let every program go on."""
        while self.process.alive and self._accepting.result is not None:
            number = self._accepting.descriptor
            _tell(self.process, "accept", "listener", self._accepting)
            name = chr(ord("a") + len(self.programs) % 26)
            self.programs.append(Program(self.process, number, self.words, name))
            self._accepting = self.process.accept(self.descriptor)
        for program in self.programs:
            program.advance()


def connects(process: Process, remote: Address, words: Sequence[Word]) -> Program:
    """Return a program that connects to `remote`, and then makes its calls."""
    descriptor = process.socket()
    program = Program(process, descriptor, words)
    pending = process.connect(descriptor, remote)
    program.begin("connect", f"a, port {remote.port}", pending)
    return program


def _nothing() -> None:
    """Let the world stop at a moment."""


def _tell(process: Process, name: str, arguments: str, pending: Pending) -> None:
    """Put a call that has returned into the timeline."""
    host = process.host
    result = pending.result or "0"
    lasted = pending.finished - pending.started
    host.world.tell(
        Call(pending.started, host.role, process.name, name, arguments, result, lasted)
    )
