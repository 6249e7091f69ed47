"""The rules by which a connection changes, each with its RFC clause.

A transition names its rule, so a run can be read as an argument: what happened,
by which rule, and on whose authority. Where a rule is the habit of one system,
its source stands in that system's personality; the transition repeats it.
"""

from dataclasses import dataclass
from typing import Final

from lastack.tcp.states import Event, State


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `name` is its identifier, `clause` where it is written."""

    name: str
    clause: str


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


OPEN_PASSIVE: Final = Rule("open-passive", "RFC 9293 3.10.1")
OPEN_ACTIVE: Final = Rule("open-active", "RFC 9293 3.10.1")
SYN_AT_LISTENER: Final = Rule("syn-at-listener", "RFC 9293 3.10.7.2")
SYN_ACKNOWLEDGED: Final = Rule("syn-acknowledged", "RFC 9293 3.10.7.3")
SIMULTANEOUS_OPEN: Final = Rule("simultaneous-open", "RFC 9293 3.5, figure 7")
HANDSHAKE_DONE: Final = Rule("handshake-done", "RFC 9293 3.10.7.4, fifth")
FIN_SENT: Final = Rule("fin-sent", "RFC 9293 3.10.4, 3.6")
FIN_RECEIVED: Final = Rule("fin-received", "RFC 9293 3.10.7.4, eighth")
FIN_ACKNOWLEDGED: Final = Rule("fin-acknowledged", "RFC 9293 3.10.7.4, fifth")
CLOSE_BEFORE_SYN: Final = Rule("close-before-handshake", "RFC 9293 3.10.4")
REFUSED: Final = Rule("connection-refused", "RFC 9293 3.10.7.3, second")
RESET_RECEIVED: Final = Rule("reset-received", "RFC 9293 3.10.7.4; RFC 5961 3.2")
UNREAD_AT_CLOSE: Final = Rule(
    "unread-data-at-close", "RFC 2525 2.17; RFC 1122 4.2.2.13"
)
LINGER_ZERO: Final = Rule("linger-zero", "RFC 9293 3.10.5; POSIX SO_LINGER")
LINGER_EXPIRED: Final = Rule("linger-expired", "POSIX SO_LINGER")
ABORTED: Final = Rule("aborted", "RFC 9293 3.10.5")
LINGER2_NEGATIVE: Final = Rule("linger2-negative", "none; TCP_LINGER2")
ORPHAN_LIMIT: Final = Rule("orphan-limit", "none; memory")
KILLED: Final = Rule("process-killed", "none; process death")
DATA_AFTER_CLOSE: Final = Rule("data-after-close", "RFC 1122 4.2.2.13")
RETRANSMISSION_GIVEN_UP: Final = Rule(
    "retransmission-given-up", "RFC 9293 3.8.3; RFC 1122 4.2.3.5"
)
SYN_GIVEN_UP: Final = Rule("connect-timed-out", "RFC 9293 3.8.3; RFC 1122 4.2.3.5")
USER_TIMEOUT: Final = Rule("user-timeout", "RFC 9293 3.10.8; RFC 5482")
PERSIST_GIVEN_UP: Final = Rule("zero-window-given-up", "RFC 9293 3.8.6.1; RFC 6429")
KEEPALIVE_GIVEN_UP: Final = Rule("keepalive-given-up", "RFC 9293 3.8.4")
FIN_WAIT_2_OVER: Final = Rule("fin-wait-2-over", "none; every system limits it")
TIME_WAIT_OVER: Final = Rule("time-wait-over", "RFC 9293 3.10.8, 2 MSL")
TIME_WAIT_REUSED: Final = Rule("time-wait-reused", "RFC 6191; RFC 9293 3.6.1")
TIME_WAIT_RESET: Final = Rule("time-wait-reset", "RFC 1337")
ICMP_REJECTED: Final = Rule("icmp-rejected", "RFC 9293 3.9.2.2; RFC 5461")
POWER_LOST: Final = Rule("power-lost", "none")
