"""The rules by which a connection changes, each with its RFC clause.

A transition names its rule, so a run can be read as an argument: what happened,
by which rule, and on whose authority. Where a rule is the habit of one system,
its source stands in that system's personality; the transition repeats it.
`lastack sim rules` lists them all.
"""

from dataclasses import dataclass
from typing import Final

from lastack.tcp.states import TRANSITIONS, Event, State

_E = Event
_S = State
_SENDING: Final = (
    _S.ESTABLISHED,
    _S.FIN_WAIT_1,
    _S.CLOSE_WAIT,
    _S.CLOSING,
    _S.LAST_ACK,
)
_ALIVE: Final = (_S.SYN_RECEIVED, *_SENDING, _S.FIN_WAIT_2)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `name` is its identifier, `clause` where it is written.

    `says` is what happens; `events` are how it moves the one table of states, and
    `states` where it applies, empty for wherever the table has them. `habits` are
    the values of a personality that decide whether it applies, when, or what it
    sends.
    """

    name: str
    clause: str
    says: str
    events: tuple[Event, ...]
    habits: tuple[str, ...] = ()
    states: tuple[State, ...] = ()

    @property
    def moves(self) -> list[tuple[State, State]]:
        """The changes of state that the table allows it, in the table's order."""
        return [
            (before, after)
            for before, row in TRANSITIONS.items()
            for event, after in row.items()
            if event in self.events and (not self.states or before in self.states)
        ]


@dataclass(frozen=True, slots=True)
class Transition:
    """A connection went `before` -> `after`, at `time` nanoseconds, by `rule`.

    `source` says where the habit is known from, if the rule is one system's.
    """

    time: int
    before: State
    after: State
    event: Event
    rule: Rule
    source: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What the kernel would tell an observer: a reset's reason, a counter.

    `kind` is `tcp_send_reset`, `tcp_receive_reset`, `error` or `counter`.
    """

    time: int
    kind: str
    reason: str


# Beginning

OPEN_PASSIVE: Final = Rule(
    "open-passive",
    "RFC 9293 3.10.1",
    "The program listens.",
    (_E.OPEN_PASSIVE,),
)
OPEN_ACTIVE: Final = Rule(
    "open-active",
    "RFC 9293 3.10.1",
    "The program connects: a SYN.",
    (_E.OPEN_ACTIVE,),
    states=(_S.CLOSED,),
)
SYN_AT_LISTENER: Final = Rule(
    "syn-at-listener",
    "RFC 9293 3.10.7.2, third",
    "A SYN finds a listener that has room: a SYN-ACK.",
    (_E.SYN,),
    ("backlog_extra", "overflow"),
    states=(_S.LISTEN,),
)
SYN_ACKNOWLEDGED: Final = Rule(
    "syn-acknowledged",
    "RFC 9293 3.10.7.3, fourth",
    "A SYN-ACK answers our SYN.",
    (_E.SYN_ACK,),
)
SIMULTANEOUS_OPEN: Final = Rule(
    "simultaneous-open",
    "RFC 9293 3.10.7.3, fourth; 3.5, figure 7",
    "The peer's SYN crosses ours: both are answered.",
    (_E.SYN,),
    states=(_S.SYN_SENT,),
)
HANDSHAKE_DONE: Final = Rule(
    "handshake-done",
    "RFC 9293 3.10.7.4, fifth",
    "Our SYN is acknowledged.",
    (_E.ACK_OF_SYN,),
    ("abort_on_overflow",),
)
REFUSED: Final = Rule(
    "connection-refused",
    "RFC 9293 3.10.7.3, second",
    "A RST answers our SYN.",
    (_E.RESET,),
    ("refused_retries",),
    states=(_S.SYN_SENT,),
)
SYN_GIVEN_UP: Final = Rule(
    "connect-timed-out",
    "RFC 9293 3.8.3; RFC 1122 4.2.3.5",
    "Nothing answers our SYN, or our SYN-ACK.",
    (_E.TIMEOUT,),
    ("rto_initial", "syn_retries", "syn_linear", "syn_give_up", "syn_ack_retries"),
    states=(_S.SYN_SENT, _S.SYN_RECEIVED),
)
CLOSE_BEFORE_SYN: Final = Rule(
    "close-before-handshake",
    "RFC 9293 3.10.4",
    "The program closes what is not yet, or never, connected.",
    (_E.CLOSE,),
    states=(_S.LISTEN, _S.SYN_SENT),
)

# Closing in order

FIN_SENT: Final = Rule(
    "fin-sent",
    "RFC 9293 3.10.4; 3.6",
    "The program closes, or shuts down writing: a FIN behind the data.",
    (_E.CLOSE,),
    states=(_S.SYN_RECEIVED, _S.ESTABLISHED, _S.CLOSE_WAIT),
)
FIN_RECEIVED: Final = Rule(
    "fin-received",
    "RFC 9293 3.10.7.4, eighth",
    "The peer's FIN arrives in order.",
    (_E.FIN,),
    ("fin_ack_delayed",),
)
FIN_ACKNOWLEDGED: Final = Rule(
    "fin-acknowledged",
    "RFC 9293 3.10.7.4, fifth",
    "Our FIN is acknowledged.",
    (_E.ACK_OF_FIN,),
)
FIN_WAIT_2_OVER: Final = Rule(
    "fin-wait-2-over",
    "none; every system limits it",
    "Nobody has the socket any more, and the peer's FIN does not come.",
    (_E.TIMEOUT,),
    ("fin_wait_2", "fin_wait_2_sends", "linger2_max"),
    states=(_S.FIN_WAIT_2,),
)
TIME_WAIT_OVER: Final = Rule(
    "time-wait-over",
    "RFC 9293 3.10.8; 3.6.1",
    "Twice the longest life of a segment is over.",
    (_E.TIMEOUT,),
    ("time_wait",),
    states=(_S.TIME_WAIT,),
)
TIME_WAIT_REUSED: Final = Rule(
    "time-wait-reused",
    "RFC 6191; RFC 9293 3.6.1",
    "A SYN that is newer than all before opens the connection anew.",
    (_E.SYN,),
    states=(_S.TIME_WAIT,),
)
TIME_WAIT_RESET: Final = Rule(
    "time-wait-reset",
    "RFC 1337",
    "A RST ends TIME_WAIT too early.",
    (_E.RESET,),
    ("reset_ends_time_wait",),
    states=(_S.TIME_WAIT,),
)

# Aborting

UNREAD_AT_CLOSE: Final = Rule(
    "unread-data-at-close",
    "RFC 9293 3.6.1; RFC 2525 2.17",
    "close() with received data that nobody read: a RST.",
    (_E.ABORT,),
    ("unread_at_close",),
    states=_ALIVE,
)
LINGER_ZERO: Final = Rule(
    "linger-zero",
    "RFC 9293 3.10.5; POSIX SO_LINGER",
    "close() with SO_LINGER {1, 0}: a RST.",
    (_E.ABORT,),
    ("linger_zero_first",),
    states=_ALIVE,
)
LINGER_EXPIRED: Final = Rule(
    "linger-expired",
    "POSIX SO_LINGER",
    "SO_LINGER's time is over before all is acknowledged: a RST.",
    (_E.ABORT,),
    ("linger_expiry",),
    states=_ALIVE,
)
ABORTED: Final = Rule(
    "aborted",
    "RFC 9293 3.10.5",
    "ABORT, by ss -K, connect(AF_UNSPEC) or a listener that closes: a RST.",
    (_E.ABORT,),
)
LINGER2_NEGATIVE: Final = Rule(
    "linger2-negative",
    "none; TCP_LINGER2",
    "A closed socket with TCP_LINGER2 below 0 does not wait for a FIN: a RST.",
    (_E.ABORT,),
    ("linger2_max",),
    states=(_S.FIN_WAIT_2,),
)
ORPHAN_LIMIT: Final = Rule(
    "orphan-limit",
    "none; memory",
    "Too many sockets belong to nobody: a RST.",
    (_E.ABORT,),
    ("max_orphans",),
    states=_ALIVE,
)
KILLED: Final = Rule(
    "process-killed",
    "none; process death",
    "The program dies, and its system resets for it.",
    (_E.ABORT,),
    ("at_death",),
)
DATA_AFTER_CLOSE: Final = Rule(
    "data-after-close",
    "RFC 9293 3.6.1; RFC 1122 4.2.2.13",
    "Data that no program can read any more: a RST.",
    (_E.ABORT,),
    ("read_shutdown", "mini_sockets"),
    states=_ALIVE,
)
POWER_LOST: Final = Rule(
    "power-lost",
    "none",
    "The host forgets everything, in silence.",
    (_E.ABORT,),
)

# Being ended

RESET_RECEIVED: Final = Rule(
    "reset-received",
    "RFC 9293 3.10.7.4, second; RFC 5961 3.2",
    "A RST that is believed.",
    (_E.RESET,),
    ("reset_in_close_wait", "reset_before_fin", "reset_discards_unread"),
    states=_ALIVE,
)
ICMP_REJECTED: Final = Rule(
    "icmp-rejected",
    "RFC 9293 3.9.2.2; RFC 5461",
    "An ICMP error answers our SYN.",
    (_E.TIMEOUT,),
    states=(_S.SYN_SENT,),
)
RETRANSMISSION_GIVEN_UP: Final = Rule(
    "retransmission-given-up",
    "RFC 9293 3.8.3; RFC 1122 4.2.3.5",
    "Data or a FIN is never acknowledged.",
    (_E.TIMEOUT,),
    ("give_up", "orphan_give_up", "give_up_sends", "rto_min", "rto_max"),
    states=_SENDING,
)
USER_TIMEOUT: Final = Rule(
    "user-timeout",
    "RFC 9293 3.10.8; RFC 5482",
    "Data stays unacknowledged for longer than the program allows.",
    (_E.TIMEOUT,),
    ("give_up_sends",),
    states=_SENDING,
)
PERSIST_GIVEN_UP: Final = Rule(
    "zero-window-given-up",
    "RFC 9293 3.8.6.1; RFC 6429",
    "Probes of a closed window are not answered, or an orphan is tired of it.",
    (_E.TIMEOUT,),
    ("persist_retries", "persist_idle", "persist_orphan_limit", "persist_max"),
    states=_SENDING,
)
KEEPALIVE_GIVEN_UP: Final = Rule(
    "keepalive-given-up",
    "RFC 9293 3.8.4",
    "Keepalive probes are not answered.",
    (_E.TIMEOUT,),
    ("keepalive_idle", "keepalive_interval", "keepalive_count", "keepalive_sends"),
    states=_ALIVE,
)

RULES: Final = tuple(it for it in list(globals().values()) if isinstance(it, Rule))
"""All of them, in this order."""
