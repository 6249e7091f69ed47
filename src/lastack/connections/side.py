"""What one side of a connection has sent, and what the other said of it."""

from lastack.connections.seen import Seen


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
        self.mss: int = -1
        self.scale: int = -1
        self.sack_permitted: bool = False
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
        # The running series of retransmissions of one segment.
        self.repeats: int = 0
        self.repeats_seq: int = -1
        self.repeats_acked: int = 0
        self.repeats_total: int = 0
        # The running series of keepalive or window probes.
        self.probes: int = 0
        self.probe_time: int = 0
        self.probe_shortest: int = 0
        self.probe_longest: int = 0
        self.probes_total: int = 0
        # Segments worth keeping.
        self.syn: Seen | None = None
        self.fin: Seen | None = None
        self.last: Seen | None = None
        self.data: Seen | None = None
        self.data_before_ack: Seen | None = None
        self.first_repeat: Seen | None = None
        self.last_repeat: Seen | None = None
        self.first_probe: Seen | None = None
        self.last_probe: Seen | None = None
        self.zero_window: Seen | None = None
        # Four fingerprints of the latest packets tell a duplicated frame.
        self.print0: int = 0
        self.print1: int = 0
        self.print2: int = 0
        self.print3: int = 0
        self.time0: int = 0
        self.time1: int = 0
        self.time2: int = 0
        self.time3: int = 0
