"""One connection: what was seen of both sides, in the order of the capture."""

from lastack.connections import sighting
from lastack.connections.fins import Fins
from lastack.connections.icmp_error import IcmpError
from lastack.connections.reset import Reset
from lastack.connections.seen import Seen
from lastack.connections.side import Side
from lastack.wire.packet import Packet

FIN = 1
SYN = 2
RST = 4
ACK = 16

MOST_RESETS = 6
IN_FLIGHT = 1_000_000_000
"""Nanoseconds after which nothing is on its way that left before the capture."""
MASK32 = 0xFFFFFFFF
HALF32 = 0x80000000
OVERTAKEN = 64
"""IP IDs back from the newest at which an acknowledgement was overtaken."""


def relative(side: Side, seq: int, syn: int) -> int:
    """Return `seq` of a side as a relative number that does not wrap.

    The first call sets where the numbers begin: at `seq` itself if `syn`, else
    one before it, so that the first octet is 1.
    """
    if not side.based:
        side.based = True
        side.base = seq if syn else (seq - 1) & MASK32
        side.stream_base = side.base
        side.next = 0 if syn else 1
    apart = (seq - side.base - side.next) & MASK32
    if apart >= HALF32:
        apart = apart - MASK32 - 1
    return side.next + apart


class Connection(Fins):
    """The segments of one connection boiled down to what its ending needs.

    Side 0 is the sender of the first frame. `client` is the index of the side
    that sent the SYN, or a guess while `client_known` is false. Times are in
    nanoseconds since the epoch, frames count from 1.
    """

    def __init__(self) -> None:
        self.begin(0)

    def begin(self, stream: int) -> None:
        """Set every field to what it is before the first segment."""
        self.stream: int = stream
        self.version: int = 4
        self.high0: int = 0
        self.low0: int = 0
        self.port0: int = 0
        self.high1: int = 0
        self.low1: int = 0
        self.port1: int = 0
        self.client: int = 0
        self.client_known: bool = False
        self.first_frame: int = 0
        self.last_frame: int = 0
        self.first_time: int = 0
        self.last_time: int = 0
        self.frames: int = 0
        # Not Side(): the call of a class costs more than its fields hold.
        self.side0: Side = Side.__new__(Side)
        self.side0.begin(0)
        self.side1: Side = Side.__new__(Side)
        self.side1.begin(1)
        # The handshake: whether its second and third segment were seen, and the
        # times of all three.
        self.answered: bool = False
        self.established: bool = False
        self.syn_time: int = 0
        self.syn_ack_time: int = 0
        self.established_time: int = 0
        self.syn_ack_repeated_after_ack: int = 0
        self.odd_answer_to_syn: int = 0
        self.begin_fins()
        self.resets: tuple[Reset, ...] = ()
        self.reset_count: int = 0
        self.reset_copied: bool = False
        # ICMP errors about its segments.
        self.icmp_count: int = 0
        self.icmp: IcmpError | None = None
        # The connection before it on the same addresses and ports, and what the
        # one after it met: its SYN, this one's challenge ACK, the reset of that.
        self.previous: Connection | None = None
        self.new_syn: Seen | None = None
        self.challenge: Seen | None = None
        self.challenge_reset: Seen | None = None

    def count(self, frame: int, time: int) -> None:
        """Count one frame of it, whatever is in it."""
        self.frames += 1
        self.last_frame = frame
        if time > self.last_time:
            self.last_time = time

    def see(
        self, packet: Packet, side: Side, peer: Side, frame: int, time: int
    ) -> None:
        """Take in one segment that `side` sent to `peer`."""
        flags = packet.flags
        syn = flags & SYN
        if syn and side.based and side.octets == 0 and packet.seq != side.base:
            # An acknowledgement had only suggested where the numbers begin, or
            # another SYN-ACK answers now.
            side.based = False
            side.isn_known = False
            side.acked = 0
            peer.ack = 0
        seq = relative(side, packet.seq, syn)
        if syn:
            side.stream_base = packet.seq
        ack = 0
        if flags & ACK:
            if not peer.based:
                relative(peer, packet.ack, 0)
            ack = relative(peer, packet.ack, 0)
        if (
            self.odd_answer_to_syn > 0
            and side.syns > 0
            and side.octets == 0
            and not flags & (SYN | RST)
            and seq != side.next
        ):
            # The SYN was not this socket's: an older connection goes on.
            side.next = seq
            side.acked = seq
            side.isn_known = False
        seen = sighting.of(packet, seq, ack, frame, time)
        if self.reset_count > 0:
            self.count_what_comes_after_a_reset(side, seen, packet.timestamp_value)
        if flags & RST:
            self.take_reset(
                sighting.kept(seen, side.index), side, peer, packet.timestamp_value
            )
            return
        side.latest = seen
        if syn:
            self.take_syn(side, peer)
        elif not self.established and self.answered and flags & ACK:
            if side.index == self.client:
                if 0 < ack <= peer.next:
                    self.established = True
                    self.established_time = time
            elif ack > 1 and peer.first_syn.frame > 0 and peer.first_syn.length == 0:
                # The handshake's last step is not in the capture.
                peer.lose()
                self.established = True
                self.established_time = time
            elif peer.packets == 0 and seq > 0:
                # Behind its SYN-ACK a server says nothing more until it is answered.
                self.established = True
                self.established_time = time
        elif not self.established and side.packets > 0 and peer.packets == 0:
            # One direction is missing; who goes on after its SYN was answered.
            if flags & ACK and side.isn_known and seq > 0:
                self.established = True
                self.established_time = time

        # The identity of the sender's packets.
        if side.ttl_first < 0:
            side.ttl_first = packet.ttl
        side.ttl = packet.ttl
        side.packets += 1

        self.take_sequence_space(side, peer)
        side.ip_id = packet.ip_id
        if flags & ACK and self.odd_answer_to_syn != frame:
            self.take_acknowledgement(side, peer)
        self.take_window(side, syn)

        side.answer(peer, time)

    def take_syn(self, side: Side, peer: Side) -> None:
        """Take in a SYN or a SYN-ACK: who is the client, and its options."""
        seen = side.latest
        if not side.isn_known:
            side.isn_known = True
            side.first_syn = seen
            side.timestamps = seen.timestamped
        if seen.flags & ACK and peer.syns > 0 and not 1 <= seen.ack <= peer.next:
            # It acknowledges no SYN of this connection (RFC 9293 3.10.7.3), nor
            # the data that came with it (RFC 7413).
            self.odd_answer_to_syn = seen.frame
        elif seen.flags & ACK:
            side.syn_acks += 1
            if not self.answered:
                self.answered = True
                self.syn_ack_time = seen.time
            elif self.established and seen.time > self.established_time:
                self.syn_ack_repeated_after_ack += 1
            if not self.client_known:
                self.client = peer.index
                self.client_known = True
        else:
            side.syns += 1
            if side.syns == 1:
                self.syn_time = seen.time
            if not self.client_known:
                self.client = side.index
                self.client_known = True

    def take_sequence_space(self, side: Side, peer: Side) -> None:
        """Take in data, a FIN or a probe: new, repeated, or behind the end."""
        seen = side.latest
        length = seen.length
        fin = seen.flags & FIN
        syn = seen.flags & SYN
        end = seen.seq + length + (1 if fin else 0) + (1 if syn else 0)
        if end == seen.seq:
            if side.gaps is not None and seen.seq > side.fin_seq + 1:
                # It counts octets as sent behind what was taken for a FIN.
                self.take_back_fin(side, peer, end)
            if seen.seq == side.next - 1 and side.packets > 1:
                # What was overtaken on its way, or doubled, is no probe.
                behind = (side.ip_id - seen.ip_id) & 0xFFFF
                if seen.ip_id <= 0 or side.ip_id <= 0 or behind >= OVERTAKEN:
                    side.take_probe()
            elif peer.syns > 0 and not self.answered and seen.flags & ACK:
                if not self.established:
                    self.odd_answer_to_syn = seen.frame
            return
        if (
            length > 1
            and side.fins > 0
            and side.first_fin.frame > 0
            and seen.seq <= side.fin_seq < end - 1
        ):
            # Its data stands where the FIN stood: another has sent that FIN.
            self.fin_disowned = True
        repeating = side.repeating
        if (
            length <= 1
            and not fin
            and not syn
            and seen.seq == side.next - 1
            and side.packets > 1
            and (repeating is None or repeating.seq != seen.seq)
            and seen.seq < peer.ack
            and (side.gaps is None or not side.gaps.lacks(end))
        ):
            side.take_probe()
            return
        if side.gaps is not None and end > side.fin_seq:
            self.take_back_fin(side, peer, end)
        if side.unanswered == 0:
            side.unanswered_since = seen.time
        side.unanswered += 1
        if end > side.next:
            if side.packets > 1 or syn or side.octets > 0 or length > 0 or fin:
                gained = end - max(side.next, seen.seq)
                side.octets += gained - (1 if fin else 0) - (1 if syn else 0)
            if side.packets > 1:
                if seen.seq > side.next:
                    if self.is_from_its_beginning(seen.time):
                        side.miss(side.next, seen.seq)
                elif seen.seq < side.next:
                    side.fill(seen.seq, end)
            side.next = end
            if repeating is not None and side.repeats > 0:
                side.repeats = 0
                repeating.seq = -1
        elif not syn or side.syns + side.syn_acks > 1:
            side.take_repeat(peer.ack >= end)
            side.fill(seen.seq, end)
        if length > 0:
            side.keep_data()
            side.probes = 0
        if fin:
            self.take_fin(side, peer, end - 1)

    def is_from_its_beginning(self, time: int) -> bool:
        """Return whether what was sent before `time` should be in the capture.

        Of a connection that was there before the capture, a window of segments
        was on its way when that began.
        """
        return (
            self.side0.isn_known
            or self.side1.isn_known
            or time - self.first_time > IN_FLIGHT
        )

    def take_acknowledgement(self, side: Side, peer: Side) -> None:
        """Take in what `side` acknowledges of `peer`."""
        seen = side.latest
        if seen.ack != side.ack:
            if seen.ack > side.ack or side.packets <= 1:
                side.ack = seen.ack
                repeating = peer.repeating
                if repeating is not None and peer.repeats > 0:
                    if seen.ack > repeating.seq:
                        peer.repeats = 0
                        repeating.seq = -1
                if peer.probes > 0 and seen.ack > peer.next - 1:
                    peer.probes = 0
        if seen.ack > peer.next and (
            peer.packets == 0
            or self.established
            or not (self.answered or side.syns > 0 or peer.syns > 0)
        ):
            # The other direction, or a part of it, is not in the capture.
            if peer.packets > 0 and self.is_from_its_beginning(seen.time):
                peer.miss(peer.next, seen.ack)
                if seen.ack == peer.next + 1 and peer.fins == 0:
                    self.infer_fin(side, peer)
            elif peer.packets == 0:
                self.take_of_unseen(side, peer)
            peer.next = seen.ack
        if seen.ack > peer.acked:
            peer.acked = seen.ack
            if peer.fins > 0 and not peer.fin_acked and seen.ack > peer.fin_seq:
                peer.fin_acked = True
                peer.fin_acked_time = seen.time
                if peer.fins == 1 and peer.index == self.first_fin:
                    self.fin_answer = seen.seq & MASK32

    def take_window(self, side: Side, syn: int) -> None:
        """Take in the receive window that `side` offers."""
        if syn:
            return
        seen = side.latest
        side.offer(seen.window)
        if seen.window == 0:
            if side.zero_window is None:
                side.zero_window = sighting.kept(seen, side.index)
                side.windows_closed += 1
        else:
            side.zero_window = None

    def take_reset(self, seen: Seen, side: Side, peer: Side, stamp: int) -> None:
        """Take in a RST and the moment in which it came."""
        self.reset_count += 1
        side.resets += 1
        if len(self.resets) >= MOST_RESETS:
            return
        reset = Reset(seen)
        reset.stamp = stamp
        # Four round trips: the handshake's, unless it was repeated.
        patience = 300_000_000
        if self.established and side.syns + peer.syns == 1:
            patience = 50_000_000 + 4 * (self.established_time - self.syn_time)
        elif side.answers > 2 and peer.answers > 2:
            patience = 50_000_000 + 4 * max(side.fastest, peer.fastest)
        reset.observe(side, peer, self.established, patience)
        self.resets = (*self.resets, reset)
        previous = self.previous
        if (
            previous is not None
            and self.odd_answer_to_syn > 0
            and side.index == self.client
            and side.resets == 1
        ):
            # RFC 9293 figure 9, with the challenge ACK of RFC 5961 4.2.
            previous.new_syn = sighting.seen(side.first_syn, side.index)
            previous.challenge = sighting.seen(peer.latest, peer.index)
            previous.challenge_reset = seen

    def count_what_comes_after_a_reset(
        self, side: Side, seen: sighting.Sighting, stamp: int
    ) -> None:
        """Note for earlier resets that somebody still speaks."""
        for reset in self.resets:
            earlier: Reset = reset
            earlier.hear(side, seen, stamp)

    def take_icmp(self, packet: Packet, about: int, frame: int, time: int) -> None:
        """Take in an ICMP error about a segment of side `about`."""
        self.icmp_count += 1
        self.last_frame = frame
        if time > self.last_time:
            self.last_time = time
        if self.icmp is None:
            error = IcmpError()
            error.kind = packet.icmp_type
            error.code = packet.icmp_code
            error.frame = frame
            error.time = time
            error.about = about
            error.high = packet.icmp_source_high
            error.low = packet.icmp_source_low
            self.icmp = error

    @property
    def icmp_type(self) -> int:
        """The type of the first ICMP error about its segments, -1 if none."""
        return -1 if self.icmp is None else self.icmp.kind

    @property
    def icmp_code(self) -> int:
        """The code of that ICMP error, -1 if none."""
        return -1 if self.icmp is None else self.icmp.code

    @property
    def icmp_frame(self) -> int:
        """The frame of that ICMP error, 0 if none."""
        return 0 if self.icmp is None else self.icmp.frame

    @property
    def icmp_about(self) -> int:
        """The index of the side whose segment that error quotes, -1 if none."""
        return -1 if self.icmp is None else self.icmp.about
