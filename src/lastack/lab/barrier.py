"""Where the copies of a scenario wait for one another."""

import asyncio
from collections.abc import Awaitable, Callable


class Barrier:
    """Where all copies of a scenario wait, until what they wait for is done."""

    def __init__(self, parties: int) -> None:
        self._parties = parties
        self._arrived = 0
        self._done: asyncio.Future[None] | None = None
        self._act: Callable[[], Awaitable[None]] | None = None
        self._acting: asyncio.Task[None] | None = None

    async def reached(self, act: Callable[[], Awaitable[None]]) -> None:
        """Wait for all; then `act` is done once, for all of them."""
        if self._done is None:
            self._done = asyncio.get_running_loop().create_future()
            self._act = act
        self._arrived += 1
        done = self._done
        self._go_on()
        await asyncio.shield(done)

    def leave(self) -> None:
        """Be waited for no longer."""
        self._parties -= 1
        self._go_on()

    def _go_on(self) -> None:
        if self._done is None or self._act is None or self._arrived < self._parties:
            return
        self._acting = asyncio.ensure_future(self._perform(self._done, self._act))
        self._done = self._act = None
        self._arrived = 0

    @staticmethod
    async def _perform(
        done: "asyncio.Future[None]", act: Callable[[], Awaitable[None]]
    ) -> None:
        try:
            await act()
        except Exception as error:
            done.set_exception(error)
        else:
            done.set_result(None)
