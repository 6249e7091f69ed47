"""Replies matched to requests, with timeouts: for datagrams and other messages.

An answer may be late, doubled, or come from a stranger. Each request has a
number; a reply counts only with the number of a request that waits for it.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")

_NUMBERS = 1 << 32


class TooManyRequestsError(RuntimeError):
    """As many requests wait for replies as `most` allows."""


@dataclass(slots=True)
class ReplyCounters:
    """What became of the replies."""

    matched: int = 0
    unmatched: int = 0
    """Late, doubled, or answering nothing that was asked."""
    timed_out: int = 0


class Requests(Generic[R]):
    """Requests that wait for replies (asyncio).

    `send(number, payload)` sends a request; whoever receives a reply calls
    `replied(number, reply)`. Numbers are 32 bits wide, start at random and count
    up, so that a number comes again only after 4 billion others: a late reply
    finds nobody.
    """

    def __init__(
        self,
        send: Callable[[int, bytes], object],
        *,
        timeout: float = 5.0,
        attempts: int = 1,
        most: int = 10_000,
    ) -> None:
        """`timeout` seconds for each of `attempts`; at most `most` wait.

        More than one attempt is for datagrams, which get lost; the server then
        may do the request twice, and must recognise its number.

        Raises:
            ValueError: not positive.
        """
        if not timeout > 0 or attempts < 1 or most < 1:
            raise ValueError(f"not positive: {timeout=} {attempts=} {most=}")
        self._send = send
        self._timeout = timeout
        self._attempts = attempts
        self._most = most
        self._next = secrets.randbelow(_NUMBERS)
        self._waiting: dict[int, asyncio.Future[R]] = {}
        self.counters = ReplyCounters()

    def __len__(self) -> int:
        """Requests that wait now."""
        return len(self._waiting)

    async def request(self, payload: bytes) -> R:
        """Send `payload`, wait for its reply.

        Raises:
            TimeoutError: no reply to any attempt. The request may have been done.
            TooManyRequestsError: `most` are waiting; nothing was sent.
            ConnectionError: `fail` was called.
        """
        if len(self._waiting) >= self._most:
            raise TooManyRequestsError(f"{self._most} requests wait for replies")
        number = self._next
        self._next = (number + 1) % _NUMBERS
        reply: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        try:
            for _ in range(self._attempts):
                self._send(number, payload)
                done, _ = await asyncio.wait([reply], timeout=self._timeout)
                if done:
                    return reply.result()
        finally:
            del self._waiting[number]
        self.counters.timed_out += 1
        raise TimeoutError(
            f"no reply to {self._attempts} x {self._timeout:g} s of waiting"
        )

    def replied(self, number: int, reply: R) -> bool:
        """A reply came; whether a request was waiting for it."""
        waiting = self._waiting.get(number)
        if waiting is None or waiting.done():
            self.counters.unmatched += 1
            return False
        waiting.set_result(reply)
        self.counters.matched += 1
        return True

    def fail(self, error: ConnectionError) -> None:
        """The way to the server is lost: every waiting request raises `error`."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(error)
