"""What one side of a connection has sent, and what the other said of it."""

from lastack.connections import sighting
from lastack.connections.gaps import Gaps
from lastack.connections.seen import Seen
from lastack.connections.series import LEAST_RTO, Probing, Repeating, alike


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
        # What it acknowledged of the other side.
        self.ack: int = 0
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
        # Its segments: the latest, the latest with data, the one with data before
        # that which had another ACK, and the first SYN and FIN.
        self.latest: sighting.Sighting = sighting.nothing()
        self.latest_data: sighting.Sighting = sighting.nothing()
        self.earlier_data: sighting.Sighting = sighting.nothing()
        self.first_fin: sighting.Sighting = sighting.nothing()
        self.first_syn: sighting.Sighting = sighting.nothing()
        # The first with the window that is shut now.
        self.zero_window: Seen | None = None
        # What the capture lacks of it.
        self.gaps: Gaps | None = None

    def offer(self, window: int) -> None:
        """Take down the receive window of its latest segment."""
        if window == self.window:
            return
        before = self.window
        self.window = window
        # Linux announces a window that at least doubles when its program reads
        # (`__tcp_cleanup_rbuf`).
        self.window_reopened = (
            before >= 0 and window >= 2 * before and 5 * window >= 4 * self.window_max
        )
        if window > self.window_max:
            self.window_max = window

    def answer(self, peer: "Side", time: int) -> None:
        """Take it that a segment of this side answers what its peer had sent."""
        if peer.unanswered == 1:
            took = time - peer.unanswered_since
            if self.answers == 0 or took < self.fastest:
                self.fastest = took
            self.answers += 1
        peer.unanswered = 0
        peer.unanswered_since = 0

    def keep_data(self) -> None:
        """Keep its latest segment as the latest with data."""
        if self.latest_data.frame == 0 or self.latest_data.ack != self.latest.ack:
            self.earlier_data = self.latest_data
        self.latest_data = self.latest

    def take_repeat(self, acked: bool) -> None:
        """Take it that its latest segment holds nothing new."""
        seen = sighting.kept(self.latest, self.index)
        repeating = self.repeating
        if repeating is None:
            repeating = Repeating()
            self.repeating = repeating
        repeating.total += 1
        if seen.seq == repeating.seq:
            self.repeats += 1
        else:
            self.repeats = 1
            repeating.seq = seen.seq
            repeating.acked = 0
            repeating.first = seen
        before = repeating.last
        repeating.last = seen
        if acked and (
            self.repeats == 1 or before is None or seen.time - before.time > LEAST_RTO
        ):
            repeating.acked += 1

    def take_probe(self) -> None:
        """Take its latest segment for a keepalive or window probe.

        It is empty, or one octet, and begins one before what is next.
        """
        seen = sighting.kept(self.latest, self.index)
        probing = self.probing
        if probing is None:
            probing = Probing()
            self.probing = probing
        probing.total += 1
        if self.probes == 0:
            probing.interval = 0
            probing.steady = 0
            probing.first = seen
        else:
            apart = seen.time - probing.time
            if not alike(apart, probing.interval):
                probing.steady = 0
            probing.interval = apart
            probing.steady += 1
        self.probes += 1
        probing.time = seen.time
        probing.last = seen
        if self.unanswered == 0:
            self.unanswered_since = seen.time
        self.unanswered += 1

    def miss(self, start: int, end: int) -> None:
        """Take it that these numbers, which were sent, are in no frame so far."""
        gaps = self.gaps
        if gaps is None:
            gaps = Gaps()
            self.gaps = gaps
        gaps.open(start, end)

    def lose(self) -> None:
        """Take it that one frame of it is missing, which had no octets."""
        gaps = self.gaps
        if gaps is None:
            gaps = Gaps()
            self.gaps = gaps
        gaps.given_up += 1

    def fill(self, start: int, end: int) -> None:
        """Take it that a frame has these numbers, which may have been missed."""
        gaps = self.gaps
        if gaps is not None:
            gaps.fill(start, end)

    @property
    def unseen_fin(self) -> Seen | None:
        """The segment that acknowledges its FIN, if no frame has that FIN."""
        return None if self.gaps is None else self.gaps.fin

    @property
    def syn(self) -> Seen | None:
        """Its first SYN or SYN-ACK."""
        return sighting.seen(self.first_syn, self.index)

    @property
    def fin(self) -> Seen | None:
        """Its first FIN."""
        return sighting.seen(self.first_fin, self.index)

    @property
    def last(self) -> Seen | None:
        """Its latest segment but for resets."""
        return sighting.seen(self.latest, self.index)

    @property
    def data(self) -> Seen | None:
        """Its latest segment with data."""
        return sighting.seen(self.latest_data, self.index)

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


def late_from(first: Side) -> int:
    """Return where the peer's data begins that the first FIN did not cover.

    If that FIN was not seen: what the peer sent when it acknowledged it, and since.
    """
    if first.first_fin.frame > 0:
        return first.first_fin.ack
    if first.gaps is not None and first.gaps.fin is not None:
        return first.gaps.fin.seq
    return 1
