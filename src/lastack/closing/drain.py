"""When to stop reading from a peer whose data nobody wants: the pure policy.

The drivers (`graceful`, `graceful_asyncio`) tell it what a read returned and at
what time; it answers whether to go on, and at the end what happened. It has no
clock: `now` is any monotonic time in seconds.
"""

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """How the wait for the peer's end was over."""

    PEER_CLOSED = "peer-closed"
    """End of file: the peer sent FIN. Both sides have closed in order."""
    RESET = "reset"
    """The peer's kernel sent RST, or the connection failed (see `error`)."""
    TIMEOUT = "timeout"
    """`timeout` seconds went by; close() may have sent RST."""
    SILENT = "silent"
    """The peer said nothing for `idle` seconds, and did not close."""
    LIMIT = "limit"
    """The peer sent more than `limit` bytes; close() sent RST."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What is known of a connection after it was closed."""

    how: How
    drained: int
    """Bytes which the peer sent and nobody read."""
    peer_ended: bool
    """The peer's FIN was seen: it had sent all that it wanted to send."""
    unacknowledged: int | None = None
    """Our own bytes (the FIN counts 1) which the peer's kernel had not yet
    acknowledged when the socket was closed; None where the system cannot say.
    0 proves that the peer's *kernel* has everything, not that its program has."""
    error: OSError | None = None

    @property
    def in_order(self) -> bool:
        """Whether both sides sent FIN and nothing was cut off."""
        return self.how is How.PEER_CLOSED


class Drain:
    """Reads on until the peer's end, a limit of time, or a limit of bytes."""

    def __init__(
        self, now: float, timeout: float, limit: int, idle: float | None = None
    ) -> None:
        """Start at `now`; seconds, bytes, seconds of silence.

        Raises:
            ValueError: a limit is negative or not a number.
        """
        for name, value in (("timeout", timeout), ("idle", idle), ("limit", limit)):
            if value is not None and not value >= 0:
                raise ValueError(f"{name} must be 0 or more, not {value!r}")
        self._deadline = now + timeout
        self._limit = limit
        self._idle = idle
        self._heard = now
        self._drained = 0
        self._how: How | None = None
        self._ended = False
        self._error: OSError | None = None

    def seconds_left(self, now: float) -> float:
        """How long the next read may wait."""
        until = self._deadline
        if self._idle is not None:
            until = min(until, self._heard + self._idle)
        return max(0.0, until - now)

    def read(self, size: int, now: float) -> bool:
        """A read returned `size` bytes, 0 at end of file; whether to read on."""
        if size == 0:
            self._ended = True
            self._how = How.PEER_CLOSED
            return False
        self._drained += size
        self._heard = now
        if self._drained > self._limit:
            self._how = How.LIMIT
            return False
        return self.waited(now)

    def waited(self, now: float) -> bool:
        """Time has passed; whether to read on."""
        if now >= self._deadline:
            self._how = How.TIMEOUT
        elif self._idle is not None and now >= self._heard + self._idle:
            self._how = How.SILENT
        return self._how is None

    def failed(self, error: OSError) -> None:
        """A call failed: the connection is gone."""
        self._how = How.RESET
        self._error = error

    def result(self, unacknowledged: int | None) -> Closed:
        """What happened; call it once a method has said not to read on."""
        assert self._how is not None
        return Closed(
            self._how, self._drained, self._ended, unacknowledged, self._error
        )
