"""What differs between the TCPs of operating systems, as values with sources.

A rule asks the personality and never for its name: `if system ==` occurs
nowhere. Each value carries where it is known from and how well, so a transition
that depends on one can cite it. Times are nanoseconds, sizes octets.
"""

from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Any, Final, Generic, TypeVar

Value = TypeVar("Value")

MS: Final = 1_000_000
SECOND: Final = 1_000_000_000


class Confidence(Enum):
    """How well a value is known."""

    MEASURED = "measured on that system"
    SOURCE = "read in its source"
    DOCUMENTED = "read in its documentation"
    ASSUMED = "assumed; no source seen"


MEASURED: Final = Confidence.MEASURED
SOURCE: Final = Confidence.SOURCE
DOCUMENTED: Final = Confidence.DOCUMENTED
ASSUMED: Final = Confidence.ASSUMED


@dataclass(frozen=True, slots=True)
class Sourced(Generic[Value]):
    """A value, where it is known from, and how well."""

    value: Value
    source: str
    confidence: Confidence


class UnreadAtClose(Enum):
    """What close() does with received data that nobody read (RFC 2525 2.17)."""

    RESET = "a RST"
    FIN = "a FIN, as if it had been read"


class LingerNonBlocking(Enum):
    """close() of a non-blocking socket with SO_LINGER {1, t > 0}."""

    BLOCKS = "blocks all the same"
    RETURNS = "returns 0 at once"
    WOULD_BLOCK = "-EWOULDBLOCK, and the socket is still open"


class LingerExpiry(Enum):
    """close() whose SO_LINGER time is over before all was acknowledged."""

    DRAINS_ON = "0; the kernel goes on sending"
    WOULD_BLOCK = "-EWOULDBLOCK; the kernel goes on sending"
    ABORTS = "the connection is reset"


class AtDeath(Enum):
    """What the kernel does with the connections of a killed process."""

    CLOSES = "as close() does, without lingering"
    ABORTS = "resets them"


class Silence(Enum):
    """What is sent when a timer gives a connection up."""

    NOTHING = "nothing"
    RESET = "a RST"


class GiveUpBy(Enum):
    """How the last retransmission of data is decided."""

    MODEL = "time since the first, as N doublings of 200 ms take"
    COUNT = "N retransmissions"
    ELAPSED = "N nanoseconds since the first sending"


@dataclass(frozen=True, slots=True)
class GiveUp:
    """When unacknowledged data ends the connection: `by` what, and `limit`."""

    by: GiveUpBy
    limit: int


class Estimator(Enum):
    """How the retransmission timeout follows from round-trip times."""

    LINUX = "srtt + rttvar, rttvar at least the minimum"
    RFC6298 = "srtt + 4 rttvar + slop, the sum at least the minimum"


class PersistBase(Enum):
    """What the interval of zero-window probes doubles from."""

    TIMEOUT = "the retransmission timeout"
    VARIANCE = "(srtt + 4 rttvar) / 2, which on a fast path is nothing"


class Probe(Enum):
    """What a zero-window probe is."""

    OLD_OCTET = "no data, one octet left of the window"
    NEXT_OCTET = "the next octet of data"


class Keepalive(Enum):
    """Which segment asks whether the peer is alive."""

    OLD_SEQUENCE = "no data, SEG.SEQ = SND.NXT - 1"
    ONE_OCTET = "one garbage octet at SND.NXT - 1"


class Acknowledge(Enum):
    """When data is acknowledged."""

    QUICK = "at once while the connection is young, then as a dialogue needs"
    SECOND = "every second full segment, or after the delay"


class ReceiveMemory(Enum):
    """What fills the receive buffer."""

    OCTETS = "the octets that wait"
    BUFFERS = "what the buffers cost in which they came"


class Push(Enum):
    """Which segments carry PSH."""

    END_OF_WRITE = "the end of each write, and half a window in between"
    EMPTIES_BUFFER = "those that empty the send buffer"


class Nagle(Enum):
    """When a small segment waits for an acknowledgement."""

    MINSHALL = "while an earlier small one is unacknowledged"
    CLASSIC = "while anything is unacknowledged"


class LossDetection(Enum):
    """What shows that a segment is lost, before a timeout does."""

    RACK = "one sent later has arrived, a reordering window ago (RFC 8985)"
    DUPLICATES = "three duplicates, or three segments beyond it (RFC 6675)"


class IpId(Enum):
    """The IPv4 identification of segments from a socket."""

    PER_CONNECTION = "a counter of the connection; 0 without a full socket"
    PER_HOST = "a counter of the host"
    ZERO = "0, since they are never fragmented (RFC 6864)"


class ReadShutdown(Enum):
    """What happens to data after shutdown(RD)."""

    READABLE = "it is received and may be read"
    DISCARDED = "it is acknowledged and thrown away"
    RESET = "it is answered by a RST"


class WakeUp(Enum):
    """How the kernel rounds the time at which a timer fires."""

    WHEEL = "up, to a bucket that widens with the distance"
    TICK = "up, to the next tick"


class WindowUpdate(Enum):
    """When reading sends a window update."""

    DOUBLED = "the window would at least double, and was at most half"
    TWO_SEGMENTS = "it would open by two segments or half the buffer"


class Overflow(Enum):
    """What a full accept queue does to a SYN."""

    DROP = "drops it"
    RESET = "refuses it with a RST"


@dataclass(frozen=True, slots=True)
class ActiveReset:
    """How the RST of a live socket looks (knowledge of both forms: reset.py)."""

    acknowledges: bool
    timestamps: bool
    window: bool


@dataclass(frozen=True, slots=True)
class Personality:
    """One operating system's TCP.

    `receive_share` is how much of the receive buffer makes window, in 256ths, until
    segments have shown what they cost. `send_slack` is per thousand what fits a
    buffer beyond the octets of SO_SNDBUF.
    Numbers of segments and retries are counts; `mss`, windows and buffers octets;
    all else is nanoseconds. `syn_give_up`, `persist_idle` and
    `persist_orphan_limit` are 0 where a count decides. `with_settings` gives a copy
    with some values changed, as sysctl does.
    """

    name: str
    title: str
    # segments
    ttl: Sourced[int]
    ip_id: Sourced[IpId]
    mss: Sourced[int]
    window: Sourced[int]
    listen_window: Sourced[int]
    window_in_segments: Sourced[bool]
    receive_memory: Sourced[ReceiveMemory]
    receive_buffer: Sourced[int]
    receive_share: Sourced[int]
    send_buffer: Sourced[int]
    send_slack: Sourced[int]
    send_buffer_max: Sourced[int]
    window_scale: Sourced[int]
    timestamps: Sourced[bool]
    timestamp_tick: Sourced[int]
    sack: Sourced[bool]
    push: Sourced[Push]
    nagle: Sourced[Nagle]
    initial_window: Sourced[int]
    window_update: Sourced[WindowUpdate]
    active_reset: Sourced[ActiveReset]
    # acknowledging
    acknowledge: Sourced[Acknowledge]
    delayed_ack: Sourced[int]
    fin_ack_delayed: Sourced[bool]
    challenge_interval: Sourced[int]
    checks_echo: Sourced[bool]
    predicts_headers: Sourced[bool]
    ack_inside_window: Sourced[bool]
    crossed_syn_offers_all: Sourced[bool]
    # timers
    wake_up: Sourced[WakeUp]
    tick: Sourced[int]
    estimator: Sourced[Estimator]
    rto_initial: Sourced[int]
    rto_min: Sourced[int]
    rto_max: Sourced[int]
    rto_slop: Sourced[int]
    loss_probe: Sourced[bool]
    loss_detection: Sourced[LossDetection]
    icmp_reverts_backoff: Sourced[tuple[str, ...]]
    syn_retries: Sourced[int]
    connect_again_succeeds: Sourced[bool]
    syn_linear: Sourced[int]
    syn_give_up: Sourced[int]
    syn_ack_retries: Sourced[int]
    refused_retries: Sourced[int]
    give_up: Sourced[GiveUp]
    orphan_give_up: Sourced[GiveUp]
    give_up_sends: Sourced[Silence]
    persist_base: Sourced[PersistBase]
    persist_min: Sourced[int]
    persist_max: Sourced[int]
    persist_retries: Sourced[int]
    persist_idle: Sourced[int]
    persist_orphan_limit: Sourced[int]
    persist_orphan_retries: Sourced[int]
    probe: Sourced[Probe]
    keepalive_always: Sourced[bool]
    keepalive_idle: Sourced[int]
    keepalive_interval: Sourced[int]
    keepalive_count: Sourced[int]
    keepalive_probe: Sourced[Keepalive]
    keepalive_sends: Sourced[Silence]
    fin_wait_2: Sourced[int]
    fin_wait_2_sends: Sourced[Silence]
    linger2_max: Sourced[int]
    time_wait: Sourced[int]
    max_orphans: Sourced[int]
    # closing
    unread_at_close: Sourced[UnreadAtClose]
    linger_zero_first: Sourced[bool]
    linger_non_blocking: Sourced[LingerNonBlocking]
    linger_expiry: Sourced[LingerExpiry]
    at_death: Sourced[AtDeath]
    read_shutdown: Sourced[ReadShutdown]
    read_shutdown_discards: Sourced[bool]
    mini_sockets: Sourced[bool]
    # being reset
    reset_in_close_wait: Sourced[str]
    reset_in_crossed_open: Sourced[str]
    end_of_file_hides_error: Sourced[bool]
    write_reports_error_first: Sourced[bool]
    reset_discards_unread: Sourced[bool]
    reset_before_fin: Sourced[bool]
    reset_ends_time_wait: Sourced[bool]
    # listening
    overflow: Sourced[Overflow]
    abort_on_overflow: Sourced[bool]
    backlog_extra: Sourced[int]

    def with_settings(self, **settings: object) -> "Personality":
        """Return a copy with other values, by field name.

        Raises LookupError for a name that is no field.
        """
        known = {field.name for field in fields(self)} - {"name", "title"}
        changed: dict[str, Any] = {}
        for name, value in settings.items():
            if name not in known:
                raise LookupError(f"a personality has no value {name!r}")
            changed[name] = Sourced(value, "set by the scenario", Confidence.MEASURED)
        return replace(self, **changed)
