"""The agreed close of an idle connection: no request is lost on the way.

A server which closes an idle connection races the client's next request, and
TCP cannot close both directions at one moment. So the server first says that it
wants to (NOTICE), the client says that it sends no more (ACKNOWLEDGE), and since
TCP keeps order, every request is before that word. Then the server answers what
it has, says how many requests it did (GOODBYE), ends, and lingers for the
client's end. A client which never acknowledges learns from GOODBYE what was not
done. Nothing here does I/O or reads a clock: `now` is in seconds.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from lastack.closing.idle_close_asyncio import Connection, Served


class State(StrEnum):
    """Where a side is. The first five are the server's, the rest the client's."""

    OPEN = "open"
    NOTICED = "noticed"
    FINISHING = "finishing"
    """No further request is done; answers to earlier ones are still due."""
    LINGERING = "lingering"
    """GOODBYE and FIN are sent; reading on until the client's FIN."""
    CLOSED = "closed"

    USING = "using"
    YIELDED = "yielded"
    """This connection gets no further request."""
    LEFT = "left"


class Event(StrEnum):
    """What happens to a side."""

    REQUEST = "request"
    WANTS_CLOSE = "wants-close"
    """Idle for too long; or the program closes."""
    ACKNOWLEDGED = "acknowledged"
    PATIENCE_OVER = "patience-over"
    ALL_ANSWERED = "all-answered"
    LINGER_OVER = "linger-over"
    SUBMIT = "submit"
    ANSWER = "answer"
    NOTICE = "notice"
    GOODBYE = "goodbye"
    PEER_ENDED = "peer-ended"
    LOST = "lost"


class Action(StrEnum):
    """What the driver is to do."""

    DO_REQUEST = "do-request"
    IGNORE_REQUEST = "ignore-request"
    """Never do it: GOODBYE does not count it, so the client repeats it."""
    SEND_NOTICE = "send-notice"
    SEND_GOODBYE = "send-goodbye"
    """Then FIN."""
    SEND_REQUEST = "send-request"
    TURN_AWAY = "turn-away"
    """Tell the program to take another connection: nothing was sent."""
    SEND_ACKNOWLEDGE = "send-acknowledge"
    SEND_END = "send-end"
    """FIN."""
    DELIVER = "deliver"
    SETTLE = "settle"
    """Tell each unanswered request whether it may be repeated."""
    CLOSE = "close"


_S, _E, _A = State, Event, Action
TABLE: dict[tuple[State, Event], tuple[State, tuple[Action, ...]]] = {
    # The server.
    (_S.OPEN, _E.REQUEST): (_S.OPEN, (_A.DO_REQUEST,)),
    (_S.OPEN, _E.WANTS_CLOSE): (_S.NOTICED, (_A.SEND_NOTICE,)),
    (_S.OPEN, _E.PEER_ENDED): (_S.FINISHING, ()),
    (_S.NOTICED, _E.REQUEST): (_S.NOTICED, (_A.DO_REQUEST,)),
    (_S.NOTICED, _E.WANTS_CLOSE): (_S.NOTICED, ()),
    (_S.NOTICED, _E.ACKNOWLEDGED): (_S.FINISHING, ()),
    (_S.NOTICED, _E.PATIENCE_OVER): (_S.FINISHING, ()),
    (_S.NOTICED, _E.PEER_ENDED): (_S.FINISHING, ()),
    (_S.FINISHING, _E.REQUEST): (_S.FINISHING, (_A.IGNORE_REQUEST,)),
    (_S.FINISHING, _E.WANTS_CLOSE): (_S.FINISHING, ()),
    (_S.FINISHING, _E.ACKNOWLEDGED): (_S.FINISHING, ()),
    (_S.FINISHING, _E.PEER_ENDED): (_S.FINISHING, ()),
    (_S.FINISHING, _E.ALL_ANSWERED): (_S.LINGERING, (_A.SEND_GOODBYE,)),
    (_S.LINGERING, _E.REQUEST): (_S.LINGERING, (_A.IGNORE_REQUEST,)),
    (_S.LINGERING, _E.WANTS_CLOSE): (_S.LINGERING, ()),
    (_S.LINGERING, _E.ACKNOWLEDGED): (_S.LINGERING, ()),
    (_S.LINGERING, _E.PEER_ENDED): (_S.CLOSED, (_A.CLOSE,)),
    (_S.LINGERING, _E.LINGER_OVER): (_S.CLOSED, (_A.CLOSE,)),
    (_S.OPEN, _E.LOST): (_S.CLOSED, (_A.CLOSE,)),
    (_S.NOTICED, _E.LOST): (_S.CLOSED, (_A.CLOSE,)),
    (_S.FINISHING, _E.LOST): (_S.CLOSED, (_A.CLOSE,)),
    (_S.LINGERING, _E.LOST): (_S.CLOSED, (_A.CLOSE,)),
    (_S.CLOSED, _E.REQUEST): (_S.CLOSED, (_A.IGNORE_REQUEST,)),
    (_S.CLOSED, _E.WANTS_CLOSE): (_S.CLOSED, ()),
    (_S.CLOSED, _E.ACKNOWLEDGED): (_S.CLOSED, ()),
    (_S.CLOSED, _E.PEER_ENDED): (_S.CLOSED, ()),
    (_S.CLOSED, _E.LOST): (_S.CLOSED, ()),
    # The client.
    (_S.USING, _E.SUBMIT): (_S.USING, (_A.SEND_REQUEST,)),
    (_S.USING, _E.ANSWER): (_S.USING, (_A.DELIVER,)),
    (_S.USING, _E.NOTICE): (_S.YIELDED, (_A.SEND_ACKNOWLEDGE,)),
    (_S.USING, _E.WANTS_CLOSE): (_S.YIELDED, (_A.SEND_END,)),
    (_S.USING, _E.GOODBYE): (_S.LEFT, (_A.SETTLE, _A.CLOSE)),
    (_S.USING, _E.PEER_ENDED): (_S.LEFT, (_A.SETTLE, _A.CLOSE)),
    (_S.USING, _E.LOST): (_S.LEFT, (_A.SETTLE, _A.CLOSE)),
    (_S.YIELDED, _E.SUBMIT): (_S.YIELDED, (_A.TURN_AWAY,)),
    (_S.YIELDED, _E.ANSWER): (_S.YIELDED, (_A.DELIVER,)),
    (_S.YIELDED, _E.NOTICE): (_S.YIELDED, ()),
    (_S.YIELDED, _E.WANTS_CLOSE): (_S.YIELDED, (_A.SEND_END,)),
    (_S.YIELDED, _E.GOODBYE): (_S.LEFT, (_A.SETTLE, _A.CLOSE)),
    (_S.YIELDED, _E.PEER_ENDED): (_S.LEFT, (_A.SETTLE, _A.CLOSE)),
    (_S.YIELDED, _E.LOST): (_S.LEFT, (_A.SETTLE, _A.CLOSE)),
    (_S.LEFT, _E.SUBMIT): (_S.LEFT, (_A.TURN_AWAY,)),
    (_S.LEFT, _E.WANTS_CLOSE): (_S.LEFT, ()),
    (_S.LEFT, _E.PEER_ENDED): (_S.LEFT, ()),
    (_S.LEFT, _E.LOST): (_S.LEFT, ()),
}
"""(state, event) -> (state, actions). What is not in it, the peer may not do."""


class ProtocolError(ConnectionError):
    """The peer did what the table does not allow: abort the connection."""


@dataclass(frozen=True, slots=True)
class IdleClose:
    """Times of the agreed close, in seconds.

    `idle`: without request or answer due, before the server says so.
    `patience`: for the client's word; a client which does not know NOTICE costs it.
    `linger`: for the client's FIN after the server's.
    """

    idle: float = 60.0
    patience: float = 5.0
    linger: float = 5.0

    def __post_init__(self) -> None:
        for name in ("idle", "patience", "linger"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be more than 0 seconds")

    async def serve(
        self,
        reader: "asyncio.StreamReader",
        writer: "asyncio.StreamWriter",
        do: "Callable[[bytes], Awaitable[bytes]]",
    ) -> "Served":
        """Answer requests with `do` until the connection is over; the server's side."""
        from lastack.closing.idle_close_asyncio import serve_connection

        return await serve_connection(self, reader, writer, do)

    def connection(
        self, reader: "asyncio.StreamReader", writer: "asyncio.StreamWriter"
    ) -> "Connection":
        """The client's side of it: `await connection.request(payload)`."""
        from lastack.closing.idle_close_asyncio import Connection

        return Connection(reader, writer)


class _Side:
    state: State

    def _step(self, event: Event) -> tuple[Action, ...]:
        entry = TABLE.get((self.state, event))
        if entry is None:
            raise ProtocolError(f"{event} while {self.state}: not in the protocol")
        self.state, actions = entry
        return actions


class ServerSide(_Side):
    """The server's half of the machine: events in, actions out."""

    def __init__(self, times: IdleClose, now: float) -> None:
        self.state = State.OPEN
        self.done = 0
        """Requests which were, or are being, done."""
        self._times = times
        self._due = 0
        self._since = now
        self._peer_ended = False

    def happens(self, event: Event, now: float) -> tuple[Action, ...]:
        """REQUEST, WANTS_CLOSE, ACKNOWLEDGED, PEER_ENDED, LOST: what is to be done.

        Raises:
            ProtocolError: the client may not do that now.
        """
        before = self.state
        actions = self._step(event)
        if Action.DO_REQUEST in actions:
            self.done += 1
            self._due += 1
        if event is Event.PEER_ENDED:
            self._peer_ended = True
        if self.state is not before or event is Event.REQUEST:
            self._since = now
        return actions + self._follow(now)

    def answered(self, now: float) -> tuple[Action, ...]:
        """An answer was written."""
        self._due -= 1
        self._since = now
        return self._follow(now)

    def deadline(self) -> float | None:
        """When `tick` is to be called, if nothing happens before."""
        if self.state is State.OPEN:
            return None if self._due else self._since + self._times.idle
        if self.state is State.NOTICED:
            return None if self._due else self._since + self._times.patience
        if self.state is State.LINGERING:
            return self._since + self._times.linger
        return None

    def tick(self, now: float) -> tuple[Action, ...]:
        """Time has passed."""
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return ()
        events = {
            State.OPEN: Event.WANTS_CLOSE,
            State.NOTICED: Event.PATIENCE_OVER,
            State.LINGERING: Event.LINGER_OVER,
        }
        return self.happens(events[self.state], now)

    def _follow(self, now: float) -> tuple[Action, ...]:
        """What follows from within: the last answer, an end that came early."""
        actions: tuple[Action, ...] = ()
        if self.state is State.FINISHING and self._due == 0:
            actions += self._step(Event.ALL_ANSWERED)
            self._since = now
            if self._peer_ended:
                actions += self._step(Event.PEER_ENDED)
        return actions


class ClientSide(_Side):
    """The client's half: it numbers its requests and knows which are unanswered."""

    def __init__(self) -> None:
        self.state = State.USING
        self.sent = 0
        self.answered = 0
        self.done_by_peer: int | None = None
        """What GOODBYE said, once it came."""

    def happens(self, event: Event) -> tuple[Action, ...]:
        """SUBMIT, ANSWER, NOTICE, WANTS_CLOSE, PEER_ENDED, LOST: what to do.

        Raises:
            ProtocolError: the server may not do that now.
        """
        if event is Event.ANSWER and self.answered == self.sent:
            raise ProtocolError("an answer to no request")
        actions = self._step(event)
        self.sent += Action.SEND_REQUEST in actions
        self.answered += Action.DELIVER in actions
        return actions

    def goodbye(self, done: int) -> tuple[Action, ...]:
        """GOODBYE came: the server did the first `done` requests and no other.

        Raises:
            ProtocolError: it cannot be so.
        """
        if done != self.answered:
            raise ProtocolError(f"{done} done, but {self.answered} answered")
        self.done_by_peer = done
        return self._step(Event.GOODBYE)

    def repeatable(self) -> bool:
        """Whether the unanswered requests were certainly not done."""
        return self.done_by_peer is not None
