"""Data, or a FIN, was sent again and again and never acknowledged.

## What happened

The path or the other host went silent: power lost, cable pulled, route gone, a
firewall that drops, a NAT that forgot the flow. One side's kernel repeated its
segment at doubling intervals and at last gave up. On Linux that takes about 15
minutes for data (net.ipv4.tcp_retries2 = 15, 924.6 s), 8 tries for the FIN of a
socket that is already closed (net.ipv4.tcp_orphan_retries), or the time which
the program set with TCP_USER_TIMEOUT.

Linux gives up in silence: no packet marks that moment. FreeBSD and macOS send
a reset. The retransmitting side's program got ETIMEDOUT once (EHOSTUNREACH if
an ICMP error or a failed neighbour lookup was the last thing heard); one which
had closed before noticed nothing. The other side heard nothing at all.

## How it is told

The same sequence number several times, at growing intervals (on Linux a tail
loss probe first, then 0.2 s, 0.4 s, 0.8 s beyond the round trip and so on), and
no acknowledgement. `by` is the side that repeats.

The direction of the loss is not seen from one place. If the other side's
acknowledgements are in the capture and the segment is repeated all the same,
they were lost between the capture and the sender. Keepalive does not help
meanwhile: no probes are sent while data is unacknowledged.

## What to do

Find the silent part: capture at the other host and see whether the segments
arrive. In the program: TCP_USER_TIMEOUT, or a heartbeat with a deadline, ends
the wait after seconds instead of 15 minutes; repeat the request on a new
connection. In the network: keepalive below the idle time of each firewall.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +4    > P. 101:123(22) ack 201 win 501
    +.212 > P. 101:123(22) ack 201 win 501
    +.216 > P. 101:123(22) ack 201 win 501
    +.448 > P. 101:123(22) ack 201 win 501
    +.86  > P. 101:123(22) ack 201 win 501

## Not this: zero-window-stall

The server answers every probe: it lives, and does not read.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 2920 <mss 1460> {id 0}
    +0    > . 1:1(0) ack 1 win 64240
    +0    > P. 1:2921(2920) ack 1 win 64240
    +.01  < . 1:1(0) ack 2921 win 0
    +.22  > . 2920:2920(0) ack 1 win 64240
    +.01  < . 1:1(0) ack 2921 win 0
    +.44  > . 2920:2920(0) ack 1 win 64240
    +.01  < . 1:1(0) ack 2921 win 0

## Not this: icmp-rejected

An ICMP error about a SYN is final: connect() fails at once. (About data it is
only a hint, and the repetitions go on.)

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  icmp unreachable prohibited from 203.0.113.1 [> S 0:0(0) win 64240]
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, duration, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength, is_answer


def signature(facts: Facts) -> Claim | None:
    """Repeated segments that brought no acknowledgement."""
    if facts.resetter:
        if facts.resetter_repeated and is_answer(facts):
            # It had given up before; what comes later meets no socket.
            return Claim(SIDES[facts.resetter], "gave-up-before", Strength.LIKELY)
        if facts.resetter_repeated and facts.other_zero_window:
            # Its probes into a closed window were answered; nothing timed out.
            return Claim(
                SIDES[facts.resetter], "then-reset-at-a-window", Strength.FAINT
            )
        if facts.resetter_repeated and not facts.resetter_zero_window:
            if not facts.resetter_repeated_often:
                # Linux resets nothing that it gives up; others repeat it longer.
                return Claim(SIDES[facts.resetter], "then-reset-soon", Strength.FAINT)
            return Claim(SIDES[facts.resetter], "then-reset", Strength.LIKELY)
        return None
    if facts.fin_never_acked:
        by = SIDES[facts.fin_never_acked]
        if facts.hidden:
            # Its acknowledgement may be among what the filter hides.
            return Claim(by, "fin-repeated-hidden", Strength.POSSIBLE)
        if facts.fin_sent_often:
            return Claim(by, "fin-often", Strength.STRONG)
        return Claim(by, "fin-twice", Strength.LIKELY)
    if facts.repeats_though_acked and facts.waiting in {0, facts.repeats_though_acked}:
        by = SIDES[facts.repeats_though_acked]
        if facts.acked_repeats_often:
            return Claim(by, "though-acknowledged-often", Strength.STRONG)
        return Claim(by, "though-acknowledged", Strength.LIKELY)
    if facts.icmp and facts.established and facts.client_seen != facts.server_seen:
        unseen = 2 if facts.client_seen else 1
        if facts.icmp_about == unseen:
            return Claim(SIDES[unseen], "unseen-and-rejected", Strength.RATHER)
    if facts.fin_beyond_hole and not facts.both_closed:
        by = SIDES[facts.first_closer]
        return Claim(by, "fin-beyond-a-hole", Strength.POSSIBLE)
    if facts.waiting_probe or not facts.waiting:
        return None
    if facts.zero_window and facts.zero_window != facts.waiting:
        return Claim(SIDES[facts.waiting], "into-a-closed-window", Strength.FAINT)
    if facts.waiting_fin:
        return Claim(SIDES[facts.waiting], "fin-once", Strength.FAINT)
    if not facts.waiting_data:
        return None
    by = SIDES[facts.waiting]
    if facts.established and facts.client_seen != facts.server_seen:
        if facts.repeated_often:
            # What had been acknowledged, unseen, would not be sent again.
            return Claim(by, "one-way-often", Strength.RATHER)
        return Claim(by, "one-way", Strength.FAINT)
    if facts.syn_ack_repeated_after_ack and not facts.server_data:
        return Claim(by, "handshake-in-doubt", Strength.POSSIBLE)
    if facts.repeated_often:
        return Claim(by, "data-often", Strength.STRONG)
    if facts.repeated_once and facts.gave_up:
        return Claim(by, "data-gave-up", Strength.LIKELY)
    if facts.repeated_once:
        return Claim(by, "data-repeated", Strength.POSSIBLE)
    return Claim(by, "data-once", Strength.FAINT)


def tell(story: Story) -> str:
    """Say who repeated what, and for how long."""
    side = story.actor
    what = "FIN" if side.fins and side.acked == side.fin_seq else "data"
    repeated = (
        f"The {story.actor_name} repeated its {what}"
        f" {story.times(side.repeats)} {_within(story)} and no acknowledgement"
        " reached it"
    )
    if story.connection.icmp_count:
        source = story.icmp_source()
        source = source[0].lower() + source[1:]
        return f"{repeated}: {source} rejected it by ICMP ({story.icmp_text()})."
    return f"{repeated}: the path or the {story.other_name} had gone silent."


def _within(story: Story) -> str:
    """Say for how long, from the first sending where the capture has it."""
    side = story.actor
    first, last = side.first_repeat, side.last_repeat
    if first is None or last is None:
        return "for some time"
    if not 0 < side.unanswered_since < first.time:
        return f"in {story.since(first, last)}"
    span = duration(last.time - side.unanswered_since)
    return f"in the {span} after it had sent it,"


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the first sending where it was kept, the repetitions, what came later."""
    side = story.actor
    proof = exhibit(side.fin, f"the {story.actor_name}'s FIN")
    proof += exhibit(side.first_repeat, f"the {story.actor_name} repeats itself")
    proof += exhibit(side.last_repeat, "the last time")
    return proof + story.reset_exhibits(
        f"the {story.other_name} is heard again",
        f"the {story.actor_name}'s host knows of no connection any more",
    )


def saw(story: Story) -> dict[str, str]:
    """The sender timed out; the other side heard nothing, or a refusal later."""
    other = "nothing" if story.offender is None else "ECONNRESET when it next sent"
    if story.actor.fins:
        return story.saw("close returned 0 long before", other)
    return story.saw("ETIMEDOUT (EHOSTUNREACH after an ICMP error)", other)


ENDING = Ending(
    slug="retransmission-timeout",
    title="No acknowledgement any more",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Find what went silent; TCP_USER_TIMEOUT or heartbeats notice it sooner.",
    settle_it="Capture at the other host: do the segments arrive there?",
    references=("RFC 1122 4.2.3.5", "RFC 5482", "Linux tcp_timer.c"),
    kind="silence",
    mistaken_for=(
        "orderly-close",
        "zero-window-stall",
        "icmp-rejected",
        "still-open",
        "accept-queue-overflow",
        "fin-unanswered",
    ),
)
