"""What lastack says to a server under test, and how it knows a whole answer."""

from collections.abc import Iterable
from typing import Protocol

import msgspec


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The first answer in the bytes that a server sent."""

    complete: bool
    """Its last byte has arrived; for HTTP, as its framing says."""
    length: int = 0
    """Bytes of it that have arrived, up to its end."""
    status: int | None = None
    persistent: bool = False
    """The server is willing to answer again on this connection."""
    announced_idle: float | None = None
    """Seconds of idleness after which it says that it closes (Keep-Alive: timeout)."""

    @property
    def named(self) -> str:
        """`answered 413`, or `answered` where the protocol has no status."""
        return "answered" if self.status is None else f"answered {self.status}"


class Speech(Protocol):
    """A protocol of question and answer, spoken by the client."""

    @property
    def name(self) -> str:
        """What is shown as the protocol: `HTTP/1.1 GET /`."""
        ...

    def request(self, *, close: bool) -> bytes:
        """Return one request; `close` asks the server to close after its answer."""
        ...

    def oversized(self, size: int) -> Iterable[bytes]:
        """Return pieces of a request with at least `size` bytes of body."""
        ...

    def first(self, data: bytes, *, ended: bool) -> Answer:
        """Judge the first answer in `data`; `ended` tells that a FIN followed it."""
        ...

    def count(self, data: bytes, *, ended: bool) -> int:
        """Return how many whole answers `data` holds."""
        ...


class Raw(msgspec.Struct, frozen=True):
    """Bytes that the user gave; an answer is as long as the first one was."""

    sent: bytes
    answer_length: int = 0
    """Bytes of the answer to a first request; 0 while that is not known."""
    persistent: bool = False

    @property
    def name(self) -> str:
        """How the report names it."""
        return f"{len(self.sent)} bytes as given"

    def request(self, *, close: bool) -> bytes:
        """Return the same bytes always."""
        del close
        return self.sent

    def oversized(self, size: int) -> Iterable[bytes]:
        """Repeat the request until `size` bytes are sent."""
        piece = self.sent * max(1, 65536 // len(self.sent))
        for _ in range(max(1, -(-size // len(piece)))):
            yield piece

    def first(self, data: bytes, *, ended: bool) -> Answer:
        """Call it complete at the first answer's length; any byte while unknown."""
        del ended
        enough = max(1, self.answer_length)
        return Answer(
            complete=len(data) >= enough,
            length=min(len(data), self.answer_length or len(data)),
            persistent=self.persistent,
        )

    def count(self, data: bytes, *, ended: bool) -> int:
        """Divide by the first answer's length."""
        del ended
        return len(data) // max(1, self.answer_length)
