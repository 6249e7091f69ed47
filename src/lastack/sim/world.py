"""Virtual time: what is due, in order, and two equal moments in order of asking."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from lastack.tcp.events import TimelineEvent


class World:
    """The time of all hosts and links; `now` in nanoseconds.

    `timeline` grows by what happens, unless `silent`; a world that only counts
    is faster.
    """

    __slots__ = ("_order", "_queue", "_since", "now", "silent", "timeline")

    def __init__(self, *, silent: bool = False) -> None:
        self.now = 0
        self.silent = silent
        self.timeline: list[TimelineEvent] = []
        self._queue: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = 0
        self._since: dict[int, int] = {}

    def at(self, time: int, act: Callable[..., None], *arguments: object) -> None:
        """Let `act` be called with `arguments` at `time`, or now if that is past."""
        self._order += 1
        heappush(self._queue, (max(time, self.now), self._order, act, arguments))

    def tell(self, event: TimelineEvent, *, since: int | None = None) -> None:
        """Add to the timeline.

        A call is told when it returns; `since` is how long the timeline was when
        it began.
        """
        if not self.silent:
            if since is not None:
                self._since[len(self.timeline)] = since
            self.timeline.append(event)

    def story(self) -> list[TimelineEvent]:
        """Return the timeline in order of time, each call before what it caused."""

        def place(told: int) -> tuple[int, int, bool]:
            began = self._since.get(told)
            if began is None:
                return self.timeline[told].time, told, True
            return self.timeline[told].time, began, False

        return [
            self.timeline[it] for it in sorted(range(len(self.timeline)), key=place)
        ]

    @property
    def next_time(self) -> int | None:
        """When something is due next, or None if nothing ever is."""
        return self._queue[0][0] if self._queue else None

    def step(self) -> bool:
        """Let the next thing happen; False if there is none."""
        if not self._queue:
            return False
        time, _, act, arguments = heappop(self._queue)
        self.now = time
        act(*arguments)
        return True

    def run_until(self, time: int) -> None:
        """Let everything happen that is due up to `time`, and stop there."""
        queue = self._queue
        while queue and queue[0][0] <= time:
            self.step()
        self.now = max(self.now, time)

    def run_while(self, waiting: Callable[[], bool], limit: int) -> bool:
        """Go on while `waiting()`; False if `limit` came first."""
        queue = self._queue
        while waiting():
            if not queue or queue[0][0] > limit:
                self.now = max(self.now, limit)
                return False
            self.step()
        return True
