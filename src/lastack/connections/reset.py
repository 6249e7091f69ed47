"""What a reset and its moment prove: judged when it is seen, not afterwards."""

from lastack.connections import sighting
from lastack.connections.order import disorder, is_after
from lastack.connections.seen import Seen
from lastack.connections.side import Side

# What the reset answers.
NOTHING = 0
A_SYN = 1
A_SYN_ACK = 2
LAST_ACK_OF_HANDSHAKE = 3
DATA = 4
A_FIN = 5
A_PROBE = 6
AN_ACK = 7

SYN_FLAG = 2
FIN_FLAG = 1
RST_FLAG = 4
MASK32 = 0xFFFFFFFF
HALF32 = 0x80000000
ACK_FLAG = 16
AN_ANSWER = 8192
"""Octets on their way below which a side has answered, and above which it uploads."""
LONGEST_WAIT = 3_000_000_000
"""Nanoseconds after which a reset answers no segment that still waits."""
OVERTAKEN_WITHIN = 20_000_000
"""Nanoseconds within which a reset may overtake what left before it."""
MILLISECOND = 1_000_000
BEHIND = 1024
"""IP IDs back from the reset's own, at which its host sent before it."""
CROSSED_WITHIN = 100_000
"""Nanoseconds by which a reset may be taken for earlier than what it answers."""
CHALLENGED_WITHIN = 1_000_000_000
"""Nanoseconds within which a challenge ACK answers a reset."""


class Reset:
    """One RST, beside what its sender and its receiver had done until then.

    Differences are in octets of sequence space, times in nanoseconds; the
    sender is the side whose address the RST carries, which may be forged.
    """

    def __init__(self, segment: Seen) -> None:
        self.segment: Seen = segment
        self.offender: Seen | None = None
        self.answers: int = NOTHING
        # seq against what the sender had sent, and what the receiver had acked.
        self.ahead_of_sent: int = 0
        self.ahead_of_acked: int = 0
        # ack against what the sender had acked, and what the receiver had sent.
        self.ack_ahead: int = 0
        self.ack_beyond: int = 0
        self.sender_known: bool = False
        self.receiver_known: bool = False
        self.window_before: int = -1
        self.window_max: int = 0
        self.reference_ttl: int = -1
        self.reference_ttl_first: int = -1
        self.reference_ip_id: int = -1
        # The newest IP ID of its sender's count, 0 if there is none, and its own
        # timestamp: what is older had left before it.
        self.newest_ip_id: int = 0
        self.stamp: int = 0
        self.timestamps: bool = False
        self.sender_fin: bool = False
        # That FIN is not in the capture.
        self.sender_fin_unseen: bool = False
        self.sender_fin_acked: bool = False
        self.sender_fin_time: int = 0
        self.receiver_fin: bool = False
        self.sender_octets: int = 0
        self.receiver_octets: int = 0
        self.data_after_answer: bool = False
        self.since_data: int = 0
        self.since_answer: int = LONGEST_WAIT
        self.idle: int = 0
        self.earliest_offence: int = 0
        self.sender_fastest: int = 0
        self.sender_answers: int = 0
        self.handshake: bool = False
        self.disorder: int = 0
        self.sender_probes: int = 0
        self.sender_probes_steady: int = 0
        self.sender_probes_unanswered: int = 0
        self.probe_interval: int = 0
        self.since_probe: int = 0
        self.sender_repeats: int = 0
        self.receiver_repeats: int = 0
        self.sender_zero_window: bool = False
        self.receiver_zero_window: bool = False
        self.queue_was_read: bool = False
        self.stalled_before: bool = False
        # How often over the receiver's last interval between two probes of the
        # closed window its next probe is due, 0 if it did not probe.
        self.probe_overdue: int = 0
        self.first_step: bool = False
        self.offence_unsent: bool = False
        self.seq_zero: bool = False
        # It answers nothing that was seen in time; what it answers may have been
        # held up, or be hidden.
        self.may_answer: bool = False
        # Of all segments so far it and the one before it are here once, others twice.
        self.once: bool = False
        # It answers later than a round trip and some delay.
        self.late: bool = False
        # It has an ACK, of all that just came and that nobody had acknowledged: as
        # stacks of few octets answer what they know nothing of, and boxes.
        self.answers_with_ack: bool = False
        # Nothing but SYN, FIN and RST was seen, as after a filter for these.
        self.hidden: bool = False
        # Both FINs were acknowledged by frames that the file has before it.
        self.behind_both_fins: bool = False
        # What happened afterwards.
        self.sender_after: int = 0
        self.receiver_after: int = 0
        self.receiver_data_after: int = 0
        self.challenged: bool = False

    def observe(
        self, sender: Side, receiver: Side, complete: bool, patience: int
    ) -> None:
        """Take down the moment: call it before the reset changes anything.

        `complete` tells whether the handshake was seen to its end; `patience`
        is the longest, in nanoseconds, that an answer takes here.
        """
        segment = self.segment
        self.handshake = complete
        self.sender_known = sender.packets > 0
        self.receiver_known = receiver.packets > 0
        self.ahead_of_sent = segment.seq - sender.next
        self.ahead_of_acked = segment.seq - receiver.ack
        self.ack_ahead = segment.ack - sender.ack
        self.ack_beyond = segment.ack - receiver.next
        self.window_before = sender.window
        self.window_max = sender.window_max
        self.reference_ttl = sender.ttl
        self.reference_ttl_first = sender.ttl_first
        self.reference_ip_id = sender.ip_id
        self.newest_ip_id = max(0, sender.ip_id)
        for counted in (sender.latest_data.ip_id, sender.first_fin.ip_id):
            self.count_ip_id(counted)
        self.count_ip_id(segment.ip_id)
        self.timestamps = sender.timestamps and receiver.timestamps
        self.disorder = disorder(sender, receiver)
        self.sender_fin = sender.fins > 0
        if sender.first_fin.frame > 0:
            # In the file it stands before the reset; perhaps there alone.
            since = segment.time - sender.first_fin.time
            self.sender_fin = is_after(since, 1, self.disorder)
            self.sender_fin_time = sender.first_fin.time
        elif sender.gaps is not None and sender.gaps.fin is not None:
            self.sender_fin_unseen = True
            self.sender_fin_time = sender.gaps.fin.time
        elif self.ahead_of_sent == 1 and complete and sender.packets > 1:
            # One octet is between all that was seen of it and this: a FIN's.
            self.sender_fin = True
            self.sender_fin_unseen = True
            if sender.last is not None:
                self.sender_fin_time = sender.last.time
        self.receiver_fin = receiver.fins > 0
        self.behind_both_fins = sender.fin_acked and receiver.fin_acked
        self.hidden = (
            sender.packets == sender.syns + sender.syn_acks + sender.fins
            and receiver.packets == receiver.syns + receiver.syn_acks + receiver.fins
            and sender.syn_acks + receiver.syn_acks > 0
            and sender.octets == 0
            and receiver.octets == 0
        )
        self.once = (
            receiver.packets > 2
            and receiver.duplicates == receiver.packets - 1
            and sender.duplicates == sender.packets
        )
        self.sender_octets = sender.octets
        self.receiver_octets = receiver.octets
        if receiver.octets == 0 and receiver.latest_data.frame > 0:
            # Its FIN overtook its data.
            self.receiver_octets = receiver.next - 1
        if self.hidden and segment.flags & ACK_FLAG:
            # Its own numbers tell how much had passed.
            self.sender_octets = segment.seq - 1 - (1 if sender.fins else 0)
            self.receiver_octets = segment.ack - 1 - (1 if receiver.fins else 0)
        if (
            self.ack_beyond > 0
            and segment.flags & ACK_FLAG
            and receiver.isn_known
            and segment.ttl == sender.ttl
        ):
            # It acknowledges what the capture has lost.
            self.receiver_octets = segment.ack - 1
        if receiver.packets == 0 and sender.ack > 1:
            self.receiver_octets = sender.ack - 1
        self.seq_zero = (sender.base + segment.seq) & MASK32 == 0
        self.sender_fastest = sender.fastest
        self.sender_answers = sender.answers
        if sender.repeats > 0 and (
            sender.acked <= sender.repeats_seq or sender.repeats_acked > 2
        ):
            self.sender_repeats = sender.repeats
        elif sender.repeats_total > 2 and receiver.unanswered > 0:
            first = sender.first_repeat
            again = sender.last_repeat
            if (
                first is not None
                and again is not None
                and again.frame == sender.latest.frame
            ):
                # What is refused acknowledges the repeated; but the next repeat,
                # after twice the time, was due before it.
                since = receiver.unanswered_since - again.time
                if since > again.time - first.time > 0:
                    self.sender_repeats = sender.repeats_total
        self.receiver_repeats = receiver.repeats
        self.sender_zero_window = sender.zero_window is not None
        self.receiver_zero_window = receiver.zero_window is not None
        self.queue_was_read = sender.window_reopened
        self.stalled_before = receiver.windows_closed > 0 and (
            sender.probes_total > 0 or sender.repeats_total > 0
        )
        if sender.zero_window is not None and receiver.probes > 1:
            since = segment.time - receiver.probe_time
            self.probe_overdue = min(since // max(receiver.probe_interval, 1), 99)
        self.first_step = (
            sender.syn_acks > 0
            and sender.octets == 0
            and receiver.packets - receiver.syns <= sender.syn_acks
        )
        if receiver.latest_data.frame > 0:
            # Data that arrived after the sender's own last data may be unread.
            self.data_after_answer = (
                sender.latest_data.frame == 0
                or receiver.latest_data.time > sender.latest_data.time
            )
            self.since_data = segment.time - receiver.latest_data.time
        if sender.latest_data.frame > 0 and sender.next - sender.acked < AN_ANSWER:
            self.since_answer = segment.time - sender.latest_data.time
        if sender.probes > 0:
            self.sender_probes = sender.probes
            self.sender_probes_unanswered = min(sender.probes, sender.unanswered)
            self.since_probe = segment.time - sender.probe_time
            self.probe_interval = sender.probe_interval
            self.sender_probes_steady = sender.probe_steady
        self.find_offender(sender, receiver, patience)

    def find_offender(self, sender: Side, receiver: Side, patience: int) -> None:
        """Find the segment that the reset answers, and say what it was.

        An answer copies its number from the segment's ack and comes at once.
        Data on its way is the offender before the acknowledgement behind it.
        """
        segment = self.segment
        last = receiver.latest
        if last.frame == 0:
            return
        usual = patience // 3
        self.may_answer = self.hidden
        self.earliest_offence = last.time
        if receiver.unanswered > 0:
            self.earliest_offence = receiver.unanswered_since
        offender = sighting.nothing()
        if segment.flags & ACK_FLAG:
            since = segment.time - last.time
            self.answers_with_ack = (
                last.flags & SYN_FLAG == 0
                and segment.seq == last.ack
                and self.ack_ahead > 0
                and self.ack_beyond == 0
                and not segment.timestamped
                and 0 <= since < usual
                and (sender.answers == 0 or since < 2 * sender.fastest + MILLISECOND)
            )
            # RFC 9293 3.5.2: without an ACK to copy, seq is 0 and ack covers
            # what arrived; only a SYN comes without one.
            if (last.flags & (SYN_FLAG | ACK_FLAG)) == SYN_FLAG:
                # What acknowledges more answers something that is not here.
                if sender.syn_acks == 0 or (self.seq_zero and self.ack_beyond <= 0):
                    offender = last
        else:
            if last.flags & ACK_FLAG and segment.seq == last.ack:
                offender = last
            data = receiver.latest_data
            if (
                data.frame > 0
                and segment.seq == data.ack
                and data.seq + data.length > sender.ack
            ):
                offender = data
                patience = max(patience, LONGEST_WAIT)
            data = receiver.earlier_data
            if offender.frame == 0 and data.frame > 0 and segment.seq == data.ack:
                offender = data
        # A sender that waits for the window answers by data when it opens.
        opens = self.stalled_before and last.window > 0
        before = sender.latest
        opening = not self.handshake and (sender.isn_known or receiver.isn_known)
        if receiver.unanswered > 0 or self.first_step or opening or opens:
            # What waits for an answer may have waited for a lost one as well.
            patience = max(patience, LONGEST_WAIT)
        if offender.frame == 0:
            # How long nobody had spoken, but for what it answers.
            came = last.time if self.answers_with_ack else segment.time
            spoken = before.time if self.answers_with_ack else last.time
            if before.frame > 0:
                self.idle = came - max(spoken, before.time)
            return
        if segment.time - offender.time > patience:
            # Behind its own FIN no live socket sends it, so it came from afar.
            self.may_answer = self.hidden or (
                sender.fins > 0 and segment.time - offender.time < LONGEST_WAIT
            )
            return
        if (
            before.frame > 0
            and before.frame > offender.frame
            and not sender.fins
            and (
                before.ack > offender.seq
                if offender.length > 0
                else segment.seq == sender.next
            )
        ):
            # The sender spoke since: it took the data, or the reset bears its own
            # number. So a live socket resets unprompted; behind its own FIN it may
            # well answer what crossed the FIN.
            return
        waits = receiver.unanswered > 0 or self.first_step or opening or opens
        if offender.length == 0 and not sender.fins and not waits:
            # A bare ACK asks for nothing; only a host that knows nothing of the
            # connection answers it, and that takes no longer than a round trip.
            if segment.time - offender.time > patience // 3:
                self.may_answer = True
                return
        self.late = segment.time - offender.time > usual
        self.offender = sighting.kept(offender, receiver.index)
        if offender.flags & FIN_FLAG:
            self.answers = A_FIN
        elif offender.flags & SYN_FLAG:
            self.answers = A_SYN_ACK if offender.flags & ACK_FLAG else A_SYN
        elif receiver.probes > 0 and offender.seq == receiver.next - 1:
            self.answers = A_PROBE
        elif offender.length > 0:
            self.answers = DATA
        elif self.first_step:
            self.answers = LAST_ACK_OF_HANDSHAKE
        else:
            self.answers = AN_ACK
            took = segment.time - offender.time
            if sender.fins and sender.answers > 0:
                # Its host needs no longer for it than for its other answers.
                self.late |= took > 4 * sender.fastest + 2 * MILLISECOND
        if before.frame > 0:
            self.idle = offender.time - before.time
        self.sender_fin_acked = sender.fins > 0 and offender.ack > sender.fin_seq
        self.offence_unsent = sender.isn_known and offender.ack > sender.next

    def count_ip_id(self, ip_id: int) -> None:
        """Take it that its sender's count of IP IDs had come to `ip_id`, or further."""
        if ip_id > 0 and self.newest_ip_id > 0:
            if (ip_id - self.newest_ip_id) & 0xFFFF < BEHIND:
                self.newest_ip_id = ip_id

    def hear(self, side: Side, seen: sighting.Sighting, stamp: int) -> None:
        """Note that a side still speaks, after this reset.

        `stamp` is the segment's timestamp, if it has one.
        """
        segment = self.segment
        since = seen.time - segment.time
        if seen.flags & RST_FLAG:
            return
        if side.index != segment.side and self.answers_later(seen, since):
            self.offender = sighting.kept(seen, side.index)
            self.answers = A_FIN if seen.flags & FIN_FLAG else DATA
            self.sender_fin_acked = self.sender_fin and self.ahead_of_sent >= 0
            self.late = False
            return
        if not is_after(since, 1, self.disorder):
            return
        if side.index != segment.side:
            self.receiver_after += 1
            if seen.length > 0:
                self.receiver_data_after += 1
            elif (
                self.receiver_after == 1
                and not seen.flags & (SYN_FLAG | FIN_FLAG)
                and since < CHALLENGED_WITHIN
            ):
                # RFC 5961 3.2: an inexact reset draws a bare ACK.
                self.challenged = True
            return
        if not self.left_before(side, seen, stamp, since):
            self.sender_after += 1

    def answers_later(self, seen: sighting.Sighting, since: int) -> bool:
        """Return whether it answers a segment that the file has behind it.

        Cards take the time of what they send and of what they receive at different
        moments, and hand over their queues one by one.
        """
        segment = self.segment
        return (
            not segment.flags & ACK_FLAG
            and (
                (self.answers == NOTHING and since < CROSSED_WITHIN)
                or (self.answers == AN_ACK and since <= 0)
            )
            and since > -self.disorder
            and seen.ack == segment.seq
            and not seen.flags & SYN_FLAG
            and (seen.length > 0 or (seen.flags & FIN_FLAG) != 0)
        )

    def left_before(
        self, side: Side, seen: sighting.Sighting, stamp: int, since: int
    ) -> bool:
        """Return whether what comes `since` nanoseconds later left before the reset.

        It was overtaken on its way; or it is a copy from another capture, whose
        clock is behind.
        """
        segment = self.segment
        if seen.flags & SYN_FLAG:
            # Its sender was past that; a SYN-ACK has IP ID 0.
            return self.handshake and seen.seq == 0
        end = seen.seq + seen.length
        if since < OVERTAKEN_WITHIN and end <= segment.seq:
            return True
        if end > side.next and (self.ahead_of_sent <= 0 or end > segment.seq):
            return False
        if segment.timestamped and seen.timestamped:
            return (self.stamp - stamp) & MASK32 < HALF32
        return (
            seen.ip_id > 0
            and self.newest_ip_id > 0
            and (self.newest_ip_id - seen.ip_id) & 0xFFFF < BEHIND
        )
