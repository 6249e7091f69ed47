"""One session per client address: the pure policy of both datagram servers.

Who is known, whose datagram this is, whose silence was too long, what is thrown
away when there are too many. Addresses are any hashable value; `now` is in
seconds of any monotonic clock.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds the memory of a datagram server.

    At most `sessions` x `queue` datagrams wait, each at most 65,535 bytes.
    """

    idle: float = 60.0
    """Seconds without a datagram from the client, after which its session ends."""
    sessions: int = 10_000
    """A datagram of a new client beyond them is dropped: strangers, whose
    addresses may be forged, cannot push out those who are being served."""
    queue: int = 64
    """Datagrams of one session that wait for its handler; the newest is dropped,
    as a full socket buffer does it."""

    def __post_init__(self) -> None:
        if not self.idle > 0 or self.sessions < 1 or self.queue < 1:
            raise ValueError(f"limits must be positive: {self}")


@dataclass(slots=True)
class Counters:
    """What became of the datagrams."""

    received: int = 0
    dropped_sessions: int = 0
    """Of new clients, while there were `Limits.sessions`."""
    dropped_queue: int = 0
    """Of clients whose handler was `Limits.queue` behind."""
    opened: int = 0
    expired: int = 0
    misdirected: int = 0
    """Read from another client's socket, and given to the right session."""


S = TypeVar("S")


class Sessions(Generic[S]):
    """Addresses to sessions, in order of their last datagram."""

    def __init__(self, limits: Limits, make: Callable[[Any], S]) -> None:
        self.limits = limits
        self.counters = Counters()
        self._make = make
        self._heard: OrderedDict[Hashable, tuple[float, S]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._heard)

    def heard(self, address: Hashable, now: float) -> S | None:
        """The session of a datagram's sender, made if new; None: drop it."""
        self.counters.received += 1
        entry = self._heard.get(address)
        if entry is None:
            if len(self._heard) >= self.limits.sessions:
                self.counters.dropped_sessions += 1
                return None
            session = self._make(address)
            self.counters.opened += 1
        else:
            session = entry[1]
        self._heard[address] = (now, session)
        self._heard.move_to_end(address)
        return session

    def expire(self, now: float) -> list[S]:
        """Take out the sessions that were silent for too long, oldest first."""
        found = []
        while self._heard:
            address, (heard, session) = next(iter(self._heard.items()))
            if now < heard + self.limits.idle:
                break
            del self._heard[address]
            self.counters.expired += 1
            found.append(session)
        return found

    def deadline(self) -> float | None:
        """When `expire` has something to do."""
        if not self._heard:
            return None
        heard, _ = next(iter(self._heard.values()))
        return heard + self.limits.idle

    def remove(self, address: Hashable, session: S) -> None:
        """Forget this session, unless the client has another one by now."""
        entry = self._heard.get(address)
        if entry is not None and entry[1] is session:
            del self._heard[address]

    def clear(self) -> list[S]:
        """Forget everybody."""
        found = [session for _, session in self._heard.values()]
        self._heard.clear()
        return found


class BoundedQueue:
    """At most `size` datagrams; the newest is refused when it is full."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: deque[bytes] = deque()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, data: bytes) -> bool:
        """Whether there was room."""
        if len(self._items) >= self._size:
            return False
        self._items.append(data)
        return True

    def get(self) -> bytes:
        """The oldest."""
        return self._items.popleft()
