"""The state machine of RFC 9293 (3.3.2, figure 5) as one table of data.

`TRANSITIONS[state][event]` is the next state; an event without an entry moves
nothing there. A guard is an event of its own (`ACK_OF_FIN`, not `ACK` and an
`if`), so the table leaves nothing to be coded by hand.
"""

from enum import Enum
from typing import Final


class State(Enum):
    """The eleven states; a value is the name that netstat prints."""

    CLOSED = "CLOSED"
    LISTEN = "LISTEN"
    SYN_SENT = "SYN_SENT"
    SYN_RECEIVED = "SYN_RECEIVED"
    ESTABLISHED = "ESTABLISHED"
    FIN_WAIT_1 = "FIN_WAIT_1"
    FIN_WAIT_2 = "FIN_WAIT_2"
    CLOSE_WAIT = "CLOSE_WAIT"
    CLOSING = "CLOSING"
    LAST_ACK = "LAST_ACK"
    TIME_WAIT = "TIME_WAIT"

    __hash__ = object.__hash__  # Enum's own is of the name, and in Python


class Event(Enum):
    """What can move a connection from one state to another."""

    OPEN_PASSIVE = "the program listens"
    OPEN_ACTIVE = "the program connects, a SYN is sent"
    SYN = "a SYN arrives"
    SYN_ACK = "a SYN that acknowledges ours arrives"
    ACK_OF_SYN = "our SYN is acknowledged"
    CLOSE = "the program closes or shuts down writing, a FIN is sent"
    FIN = "a FIN arrives"
    ACK_OF_FIN = "our FIN is acknowledged"
    FIN_AND_ACK_OF_FIN = "a FIN that acknowledges ours arrives"
    RESET = "an acceptable RST arrives"
    ABORT = "a RST is sent, or the program aborts"
    TIMEOUT = "the last timer of the state expires"

    __hash__ = object.__hash__


_S = State
_E = Event
_GONE: Final = {_E.RESET: _S.CLOSED, _E.ABORT: _S.CLOSED, _E.TIMEOUT: _S.CLOSED}

TRANSITIONS: Final[dict[State, dict[Event, State]]] = {
    _S.CLOSED: {_E.OPEN_PASSIVE: _S.LISTEN, _E.OPEN_ACTIVE: _S.SYN_SENT},
    # RFC 9293 3.10.7.2; a listener that sends data becomes an active opener.
    _S.LISTEN: {
        _E.SYN: _S.SYN_RECEIVED,
        _E.OPEN_ACTIVE: _S.SYN_SENT,
        _E.CLOSE: _S.CLOSED,
        _E.ABORT: _S.CLOSED,
    },
    # 3.10.7.3; a SYN without our acknowledgement is a simultaneous open.
    _S.SYN_SENT: {
        _E.SYN: _S.SYN_RECEIVED,
        _E.SYN_ACK: _S.ESTABLISHED,
        _E.CLOSE: _S.CLOSED,
        **_GONE,
    },
    # 3.10.7.4
    _S.SYN_RECEIVED: {
        _E.ACK_OF_SYN: _S.ESTABLISHED,
        _E.CLOSE: _S.FIN_WAIT_1,
        _E.FIN: _S.CLOSE_WAIT,
        **_GONE,
    },
    _S.ESTABLISHED: {_E.CLOSE: _S.FIN_WAIT_1, _E.FIN: _S.CLOSE_WAIT, **_GONE},
    _S.FIN_WAIT_1: {
        _E.ACK_OF_FIN: _S.FIN_WAIT_2,
        _E.FIN: _S.CLOSING,
        _E.FIN_AND_ACK_OF_FIN: _S.TIME_WAIT,
        **_GONE,
    },
    _S.FIN_WAIT_2: {_E.FIN: _S.TIME_WAIT, **_GONE},
    _S.CLOSE_WAIT: {_E.CLOSE: _S.LAST_ACK, **_GONE},
    _S.CLOSING: {_E.ACK_OF_FIN: _S.TIME_WAIT, **_GONE},
    _S.LAST_ACK: {_E.ACK_OF_FIN: _S.CLOSED, **_GONE},
    # 3.6.1: a new SYN may reopen it at once (RFC 6191).
    _S.TIME_WAIT: {_E.SYN: _S.SYN_RECEIVED, **_GONE},
}
