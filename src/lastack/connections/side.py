"""What one side of a connection has sent, and what the other said of it."""

from lastack.connections.seen import Seen
from lastack.connections.series import Probing, Repeating


class Side:
    """One side of a connection, as far as its segments were seen.

    `fin_seq` means nothing while `fins` is 0. Sequence numbers are relative and do
    not wrap: the SYN is 0, the first octet of data is 1, in a capture that begins
    in the middle as well. Times are in nanoseconds, windows as in the header
    (their ratios need no scale), frames from 1 with 0 for "none".
    """

    def __init__(self) -> None:
        self.begin(0)

    def begin(self, index: int) -> None:
        """Set every field to what it is before the first segment."""
        self.index: int = index
        # Sequence space.
        self.based: bool = False
        self.base: int = 0
        # What Wireshark takes for the base: its latest SYN-ACK's, data or not.
        self.stream_base: int = 0
        self.next: int = 1
        self.acked: int = 0
        self.isn_known: bool = False
        # What it acknowledged of the other side: now, and the value before.
        self.ack: int = 0
        self.ack_before: int = 0
        # Counts.
        self.packets: int = 0
        self.octets: int = 0
        self.duplicates: int = 0
        # The handshake.
        self.syns: int = 0
        self.syn_acks: int = 0
        self.timestamps: bool = False
        # The receive window that it offers.
        self.window: int = -1
        self.window_max: int = 0
        self.window_before: int = -1
        self.windows_closed: int = 0
        self.window_reopened: bool = False
        # The identity of its packets.
        self.ttl: int = -1
        self.ttl_first: int = -1
        self.ip_id: int = -1
        # Its FIN, and where its data ends without it.
        self.fin_seq: int = 0
        self.fins: int = 0
        self.resets: int = 0
        self.fin_acked: bool = False
        self.fin_acked_time: int = 0
        # How fast its host answered a lone segment, and how often that was seen.
        self.fastest: int = 0
        self.answers: int = 0
        # What it sent and nobody answered, since the other side's last packet.
        self.unanswered: int = 0
        self.unanswered_since: int = 0
        # The running series of retransmissions of one segment, and of probes.
        self.repeats: int = 0
        self.repeating: Repeating | None = None
        self.probes: int = 0
        self.probing: Probing | None = None
        # Segments worth keeping.
        self.syn: Seen | None = None
        self.fin: Seen | None = None
        self.last: Seen | None = None
        self.data: Seen | None = None
        self.data_before_ack: Seen | None = None
        self.zero_window: Seen | None = None

    @property
    def repeats_total(self) -> int:
        """How many of its segments held nothing new."""
        return 0 if self.repeating is None else self.repeating.total

    @property
    def repeats_acked(self) -> int:
        """How many of the running series came after they were acknowledged."""
        return 0 if self.repeating is None else self.repeating.acked

    @property
    def repeats_seq(self) -> int:
        """Where the segment of the running series begins, -1 if there is none."""
        return -1 if self.repeating is None else self.repeating.seq

    @property
    def first_repeat(self) -> Seen | None:
        """The first retransmission of the latest series."""
        return None if self.repeating is None else self.repeating.first

    @property
    def last_repeat(self) -> Seen | None:
        """The last retransmission of all."""
        return None if self.repeating is None else self.repeating.last

    @property
    def probes_total(self) -> int:
        """How many probes it sent."""
        return 0 if self.probing is None else self.probing.total

    @property
    def probe_time(self) -> int:
        """When it sent its last probe."""
        return 0 if self.probing is None else self.probing.time

    @property
    def probe_interval(self) -> int:
        """The time between the last two probes of the latest series."""
        return 0 if self.probing is None else self.probing.interval

    @property
    def probe_steady(self) -> int:
        """How many of the latest intervals of that series are alike."""
        return 0 if self.probing is None else self.probing.steady

    @property
    def first_probe(self) -> Seen | None:
        """The first probe of the latest series."""
        return None if self.probing is None else self.probing.first

    @property
    def last_probe(self) -> Seen | None:
        """The last probe of all."""
        return None if self.probing is None else self.probing.last
