"""The server under test as the probes see it: connect, ask, read, is it alive."""

import socket
import time
from typing import Final

import msgspec

from lastack.check.connection import ConnectError, Connection, End
from lastack.check.speech import Answer, Raw, Speech

MAX_CONNECTIONS: Final = 200
"""Connections that one check may open unless it is told otherwise."""

_QUIET: Final = 0.5
"""Seconds of silence that end an answer whose length is not known."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how much; times in seconds."""

    wait: float = 10.0
    """For a server to close of its own accord: idle, silent, vanished."""
    patience: float = 5.0
    """For an answer, or for a close that was asked for."""
    idle_limit: float = 120.0
    """A server that keeps a useless connection so long is called bad."""
    burst: int = 64
    """Connections at once, against the accept queue."""
    body_size: int = 8 << 20
    """Bytes of a request body that the server did not ask for."""


class TooManyConnectionsError(Exception):
    """A probe wanted more connections than this check may open."""


class Exchange(msgspec.Struct, frozen=True):
    """The answer to one request and how the reading of it ended."""

    answer: Answer
    end: End
    seconds: float


class Server:
    """Opens connections to one address, counts them, and speaks one protocol."""

    def __init__(
        self,
        family: int,
        address: tuple[str, int] | tuple[str, int, int, int],
        speech: Speech,
        settings: Settings,
        limit: int = MAX_CONNECTIONS,
    ) -> None:
        self.family = family
        self.address = address
        self.speech = speech
        self.settings = settings
        self.opened = 0
        self._limit = limit
        self.normal = Exchange(Answer(complete=False), End.OPEN, 0.0)
        """The exchange of `learn`: what an answer of this server is like."""

    def connect(self, receive_buffer: int = 0) -> Connection:
        """Open one connection; ConnectError if the server does not accept."""
        self.count(1)
        return Connection.open(
            self.family, self.address, self.settings.patience, receive_buffer
        )

    def count(self, more: int) -> None:
        """Account for `more` connections, or raise TooManyConnectionsError."""
        if self.opened + more > self._limit:
            raise TooManyConnectionsError(
                f"{self.opened + more} connections; at most {self._limit} are allowed"
            )
        self.opened += more

    def ask(self, connection: Connection, *, close: bool = False) -> int:
        """Send one request; returns the bytes that went."""
        request = self.speech.request(close=close)
        return connection.send([request], self.settings.patience)

    def read(
        self, connection: Connection, *, to_end: bool = False, seconds: float = 0.0
    ) -> Exchange:
        """Read one answer, or on to the end of the connection."""

        def enough(data: bytes) -> bool:
            return self.speech.first(data, ended=False).complete

        got = connection.receive(
            seconds or self.settings.patience, None if to_end else enough
        )
        answer = self.speech.first(got.data, ended=got.end is End.FIN)
        return Exchange(answer, got.end, got.seconds)

    def learn(self) -> Exchange:
        """Make the first, normal exchange and remember what an answer is like."""
        with self.connect() as connection:
            self.ask(connection)
            speech = self.speech
            if isinstance(speech, Raw):
                got = connection.receive(self.settings.patience, quiet=_QUIET)
                self.speech = Raw(speech.sent, len(got.data), got.end is End.OPEN)
                answer = self.speech.first(got.data, ended=got.end is End.FIN)
                self.normal = Exchange(answer, got.end, got.seconds)
            else:
                self.normal = self.read(connection)
        return self.normal

    def still_serves(self) -> bool:
        """Tell whether a fresh client gets a whole answer in time."""
        try:
            with self.connect() as connection:
                self.ask(connection)
                return self.read(connection).answer.complete
        except ConnectError:
            return False

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


def resolve(
    host: str, port: int
) -> tuple[int, tuple[str, int] | tuple[str, int, int, int]]:
    """Return family and address of `host`; OSError if it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, _, _, _, address = found[0]
    if family == socket.AF_INET6:
        return family, (str(address[0]), port, int(address[2]), int(address[3]))  # type: ignore[misc]
    return family, (str(address[0]), port)
