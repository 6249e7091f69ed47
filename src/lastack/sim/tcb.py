"""The transmission control block: all that one connection remembers.

Names are those of RFC 9293 3.3.1: `snd_una` is SND.UNA. Sequence numbers are
absolute, modulo 2**32; windows are in octets, already scaled; times are
nanoseconds. Functions of the neighbouring modules act on it: `calls.py` for the
user's calls, `arrival.py` for segments that come, `output.py` for those that
go, `timers.py` for time.
"""

from collections import deque
from typing import TYPE_CHECKING, Final

from lastack.sim.personality import Personality
from lastack.sim.rules import Note, Rule, Transition
from lastack.sim.urgent import Urgent
from lastack.tcp.segment import Address, Segment
from lastack.tcp.sequence import MODULUS
from lastack.tcp.states import TRANSITIONS, Event, State

if TYPE_CHECKING:
    from lastack.sim.clock import Timer
    from lastack.sim.flight import Flight

NEVER: Final = 1 << 62
_SMALL_WINDOW: Final = 536
_LEAST_SIZE: Final = 36


class Tcb:
    """One connection's state; see the module's docstring for the names."""

    __slots__ = (
        "accepted",
        "ack_delay",
        "ack_due",
        "ack_now",
        "active_open",
        "advertised_mss",
        "arrived",
        "backoff",
        "beyond",
        "buffer",
        "buffer_locked",
        "buffer_share",
        "buffers",
        "cork_until",
        "cwnd",
        "cwnd_count",
        "cwnd_limited",
        "cwnd_usage",
        "deadlines",
        "deferred",
        "done",
        "doubted",
        "dsack",
        "dup_acks",
        "eof_at",
        "error",
        "events",
        "fin_acked",
        "fin_queued",
        "fin_seq",
        "fin_unread",
        "first_resent",
        "first_sent",
        "flight",
        "forgotten",
        "ip_id",
        "irs",
        "iss",
        "keepalive",
        "keepalive_count",
        "keepalive_idle",
        "keepalive_interval",
        "last_challenge",
        "last_data_in",
        "last_echo",
        "last_heard",
        "last_sent",
        "last_window",
        "left_unsent",
        "linger2",
        "local",
        "max_snd_wnd",
        "mdev",
        "mdev_max",
        "memory",
        "min_trip",
        "mini",
        "most_out",
        "mss",
        "nodelay",
        "now",
        "orphan",
        "out_of_order",
        "outbox",
        "personality",
        "phase",
        "pingpong",
        "prior_cwnd",
        "prior_ssthresh",
        "probe_started",
        "probes_out",
        "pushed_in",
        "pushes",
        "quick",
        "rack_end",
        "rack_sent",
        "rack_trip",
        "rcv_adv",
        "rcv_mss",
        "rcv_nxt",
        "rcv_scale",
        "rcv_ssthresh",
        "rcv_trip",
        "rcv_wup",
        "read_from",
        "read_since",
        "read_space",
        "receive_queue",
        "received_anything",
        "recover",
        "recovering",
        "refusals",
        "remote",
        "reordering",
        "resent_stamp",
        "reset_by_peer",
        "retransmits",
        "routed",
        "rto",
        "rtt_min",
        "rtt_seq",
        "rttvar",
        "sack_ok",
        "sacks",
        "scale_ok",
        "send_grown",
        "send_limit",
        "send_queue",
        "sent_anything",
        "sent_since",
        "shut_read",
        "shut_write",
        "snd_nxt",
        "snd_scale",
        "snd_sml",
        "snd_una",
        "snd_wl1",
        "snd_wl2",
        "snd_wnd",
        "soft_error",
        "srtt",
        "ssthresh",
        "state",
        "syn_stamps",
        "timed_out",
        "tlp_again",
        "tlp_high",
        "tlp_out",
        "tos",
        "ts_offset",
        "ts_ok",
        "ts_recent",
        "ttl",
        "urgent",
        "urgent_at",
        "urgent_seq",
        "urgent_state",
        "user_timeout",
        "window_clamp",
    )

    def __init__(
        self,
        personality: Personality,
        local: Address,
        remote: Address,
        *,
        iss: int,
        phase: int = 0,
    ) -> None:
        p = personality
        self.personality = p
        self.local = local
        self.remote = remote
        self.state = State.CLOSED
        self.active_open = False
        self.now = 0
        self.phase = phase
        # RFC 9293 3.3.1
        self.iss = iss
        self.snd_una = iss
        self.snd_nxt = iss
        self.snd_wnd = 0
        self.max_snd_wnd = 0
        self.snd_wl1 = 0
        self.snd_wl2 = 0
        self.snd_scale = 0
        self.irs = 0
        self.rcv_nxt = 0
        self.rcv_adv = 0
        self.rcv_wup = 0
        self.rcv_scale = 0
        self.mss = 536
        self.advertised_mss = p.mss.value
        # queues
        self.send_queue = bytearray()
        self.pushes: deque[int] = deque()
        self.flight: deque[Flight] = deque()
        self.receive_queue = bytearray()
        self.out_of_order: list[tuple[int, bytes, bool]] = []
        # the memory for what is received, and the window that it makes
        self.buffer = p.receive_buffer.value
        self.buffer_share = p.receive_share.value
        self.buffer_locked = False
        self.buffers: deque[tuple[int, int, int]] = deque()
        self.memory = 0
        self.window_clamp = NEVER
        self.rcv_ssthresh = NEVER
        self.rcv_mss = 536
        # how much is read in a round trip, as the receiver sees it
        self.rcv_trip = 0
        self.last_echo = 0
        self.read_from = 0
        self.read_since = 0
        self.read_space = 0
        self.last_window = 1
        self.send_limit = 0
        self.send_grown = 0
        self.urgent = b""
        self.urgent_seq = 0
        self.urgent_state = Urgent.NONE
        self.urgent_at = -1
        self.left_unsent = 0
        self.fin_queued = False
        self.fin_seq = -1
        self.fin_acked = False
        self.fin_unread = False
        self.eof_at = -1
        # options (RFC 7323, RFC 2018)
        self.ts_ok = False
        self.ts_recent = 0
        self.ts_offset = 0
        self.syn_stamps = (0, 0)
        self.sack_ok = False
        self.scale_ok = False
        self.dsack: tuple[int, int] | None = None
        self.sacks: list[tuple[int, int]] = []
        self.ip_id = 0
        self.ttl = p.ttl.value
        self.tos = 0
        # round trips and congestion, microseconds and segments
        self.srtt = 0
        self.min_trip = 0
        self.mdev = 0
        self.mdev_max = 0
        self.rttvar = 0
        self.rtt_seq = iss
        self.rto = p.rto_initial.value
        self.backoff = 0
        self.retransmits = 0
        self.first_sent = -1
        self.first_resent = -1
        self.cwnd = p.initial_window.value
        self.ssthresh = NEVER
        self.cwnd_limited = False
        self.cwnd_count = 0
        self.cwnd_usage = iss
        self.most_out = 0
        self.recover = iss
        self.recovering = False
        # a timeout: is it still believed, whose loss it was
        self.timed_out = False
        self.doubted = False
        self.resent_stamp = 0
        self.prior_ssthresh = NEVER
        self.prior_cwnd = 0
        self.arrived = 0
        self.sent_since = 0
        self.rack_sent = -1
        self.rack_end = iss
        self.rack_trip = 0
        self.rtt_min = NEVER
        self.dup_acks = 0
        # without SACK: how many of the flight arrived, how many tell of a loss
        self.beyond = 0
        self.reordering = 3
        self.tlp_out = False
        self.tlp_again = False
        self.tlp_high = iss
        self.snd_sml = iss
        self.cork_until = 0
        # acknowledging
        self.ack_now = False
        self.ack_due = False
        self.ack_delay = 0
        self.quick = 0
        self.pingpong = False
        self.pushed_in = 0
        self.last_data_in = -NEVER
        self.last_heard = 0
        self.last_sent = -NEVER
        self.last_challenge = -NEVER
        # probing
        self.probes_out = 0
        self.probe_started = -1
        self.deferred = 0
        self.keepalive = p.keepalive_always.value
        self.keepalive_idle = p.keepalive_idle.value
        self.keepalive_interval = p.keepalive_interval.value
        self.keepalive_count = p.keepalive_count.value
        self.user_timeout = 0
        self.linger2 = 0
        self.nodelay = False
        # the socket above
        self.shut_read = False
        self.shut_write = False
        self.orphan = False
        self.accepted = True
        self.mini = False
        self.routed = True
        self.done = False
        self.error = ""
        self.soft_error = ""
        self.refusals = 0
        self.reset_by_peer = False
        self.received_anything = False
        self.sent_anything = False
        self.forgotten = False
        # what comes out
        self.deadlines: dict[Timer, int] = {}
        self.outbox: list[Segment] = []
        self.events: deque[Transition | Note] = deque()

    def move(self, event: Event, rule: Rule, source: str = "") -> None:
        """Change the state by the one table; raises KeyError where it is silent."""
        before = self.state
        after = TRANSITIONS[before][event]
        self.state = after
        self.events.append(Transition(self.now, before, after, event, rule, source))
        if after is State.CLOSED:
            self.deadlines.clear()
            self.shut_read = self.shut_write = True
            self.left_unsent = len(self.send_queue)
            self.left_unsent += self.fin_queued and self.fin_seq < 0
            self.send_queue.clear()
            self.flight.clear()
            self.fin_queued = False

    def note(self, kind: str, reason: str) -> None:
        """Tell what an observer of the kernel would be told."""
        self.events.append(Note(self.now, kind, reason))

    @property
    def write_seq(self) -> int:
        """The sequence number after all that was given to send()."""
        return (self.snd_nxt + len(self.send_queue)) % MODULUS

    @property
    def segment_size(self) -> int:
        """How many octets of data fit a segment beside its options.

        To a peer that never offered more it is half the window, or a small one
        whole (RFC 9293 3.8.6.2.1; tcp.h:tcp_bound_to_half_wnd).
        """
        size = self.mss - 12 if self.ts_ok else self.mss
        widest = self.max_snd_wnd
        if not widest or size <= widest >> 1:
            return size
        widest = widest >> 1 if widest > _SMALL_WINDOW else widest
        return min(size, max(widest, _LEAST_SIZE))

    @property
    def usable(self) -> int:
        """How many octets may still be sent into the peer's window."""
        in_flight = (self.snd_nxt - self.snd_una) % MODULUS
        return self.snd_wnd - in_flight

    @property
    def receive_window(self) -> int:
        """What is left of the window that was last offered, in octets."""
        return max(0, (self.rcv_adv - self.rcv_nxt + (1 << 31)) % MODULUS - (1 << 31))

    @property
    def synchronized(self) -> bool:
        """Whether both sides agreed on sequence numbers (RFC 9293 3.5.2)."""
        return self.state not in _UNSYNCHRONIZED

    @property
    def unread(self) -> int:
        """Received octets that nobody has read."""
        return len(self.receive_queue)


_UNSYNCHRONIZED: Final = (
    State.CLOSED,
    State.LISTEN,
    State.SYN_SENT,
    State.SYN_RECEIVED,
)
