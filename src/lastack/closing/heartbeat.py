"""Heartbeats: notice that the peer's *program* is silent, not only its kernel.

TCP's keepalive is answered by the kernel of a stopped or hung program, and even
of one that has ended. A heartbeat is a message of the protocol itself. The
policy is pure; `beat` runs it on asyncio.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum


class Beat(StrEnum):
    """What is due."""

    SEND = "send"
    """Send a ping now: nothing was sent or heard for `interval` seconds."""
    DEAD = "dead"
    """The peer said nothing for `patience` seconds: abort and connect anew."""


class Heartbeat:
    """Ping after `interval` seconds without hearing; dead after `patience`.

    Any frame from the peer counts as a sign of life. `patience` of three
    intervals lets two pings or answers be late. Times are any monotonic seconds.
    """

    def __init__(self, interval: float, patience: float, now: float) -> None:
        """Start at `now`.

        Raises:
            ValueError: not 0 < interval < patience.
        """
        if not 0 < interval < patience:
            raise ValueError(
                f"needs 0 < interval < patience, not {interval!r} and {patience!r}"
            )
        self.interval = interval
        self.patience = patience
        self._heard = now
        self._pinged = now

    def heard(self, now: float) -> None:
        """Something came from the peer."""
        self._heard = now

    @property
    def dies_at(self) -> float:
        """When the peer is dead, if it says nothing before."""
        return self._heard + self.patience

    def deadline(self) -> float:
        """When to call `tick` next."""
        return min(max(self._heard, self._pinged) + self.interval, self.dies_at)

    def tick(self, now: float) -> Beat | None:
        """What is due at `now`; SEND is said once an interval."""
        if now >= self.dies_at:
            return Beat.DEAD
        if now >= max(self._heard, self._pinged) + self.interval:
            self._pinged = now
            return Beat.SEND
        return None


async def beat(heartbeat: Heartbeat, ping: Callable[[], Awaitable[None]]) -> None:
    """Send pings as they are due; returns when the peer is dead (asyncio).

    `heartbeat` must have been started with `loop.time()`; whoever reads calls
    `heartbeat.heard(loop.time())`. A `ping` that blocks (the peer does not read)
    is given up when the peer is dead by its silence.
    """
    import asyncio

    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(max(0.0, heartbeat.deadline() - loop.time()))
        due = heartbeat.tick(loop.time())
        if due is Beat.DEAD:
            return
        if due is Beat.SEND:
            dies_at = heartbeat.dies_at
            try:
                async with asyncio.timeout_at(dies_at):
                    await ping()
            except TimeoutError:
                # A loop's timer may be a millisecond early by the loop's clock.
                if heartbeat.dies_at == dies_at:
                    return
