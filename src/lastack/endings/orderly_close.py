"""Both sides said that they had nothing more to send, and nothing was lost.

## What happened

Each program called close() or shutdown(SHUT_WR), or ended: its kernel sent a
FIN behind the last octet, and the other side acknowledged it (RFC 9293 3.6).
A process that is killed with nothing unread ends its connections just so; a
FIN that waits unread in a queue does not count as unread data.

The side whose FIN came first keeps TIME_WAIT, on Linux for 60 s. The other
side's program read an end of file, closed, and kept nothing.

## How it is told

Two FINs, each acknowledged, and no reset before that. A reset which comes
afterwards ended nothing: the connection was over. `by` is the sender of the
first FIN, or both if each FIN left before the other arrived, so that neither
acknowledges the other (RFC 9293 figure 13). All of these are in order:

- The FIN rides on the last data (`FP.`).
- The second FIN acknowledges the first one; the close takes three segments.
- The acknowledgement of the first FIN comes alone, up to 40 ms later (a delayed
  acknowledgement), and the second FIN whenever that side's program closes.
- No data at all: a health check, a port probe, or a pool that opened a
  connection in advance.

If the capture ends with the last FIN unacknowledged, its acknowledgement was
most likely missed. A last FIN that is sent again and again was never
acknowledged: that is retransmission-timeout.

## What to do

Nothing. If TIME_WAIT uses up a busy client's ports, keep connections open for
more than one request; if it burdens a server, let its clients close first.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 101 win 509
    +.002 < P. 1:301(300) ack 101 win 509
    +0    > . 101:101(0) ack 301 win 501
    +.005 > F. 101:101(0) ack 301 win 501
    +.01  < F. 301:301(0) ack 102 win 509
    +0    > . 102:102(0) ack 302 win 501

## Not this: half-close

The server goes on sending after it has acknowledged the client's FIN:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > FP. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 102 win 509
    +.5   < P. 1:301(300) ack 102 win 509
    +0    > . 102:102(0) ack 301 win 501
    +.01  < F. 301:301(0) ack 102 win 509
    +0    > . 102:102(0) ack 302 win 501

## Not this: retransmission-timeout

The server's FIN, seen at the server, is never acknowledged: the path is cut.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +0    < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +.01  > . 1:1(0) ack 1 win 502
    +.2   > F. 1:1(0) ack 1 win 502
    +.04  < . 1:1(0) ack 2 win 510
    +.5   < F. 1:1(0) ack 2 win 510
    +.214 < F. 1:1(0) ack 2 win 510
    +.216 < F. 1:1(0) ack 2 win 510
    +.428 < F. 1:1(0) ack 2 win 510
    +.864 < F. 1:1(0) ack 2 win 510
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.ending import OTHER, SIDES, Claim, Ending, Strength, is_second_half, lossy


def signature(facts: Facts) -> Claim | None:
    """Two FINs and no reset that ended anything."""
    if facts.resetter:
        return None
    if facts.first_closer and facts.client_seen != facts.server_seen:
        by = SIDES[facts.first_closer]
        if facts.fin_wait_2_over:
            # The unseen one may have forgotten, and refused it.
            return Claim(by, "one-way-late", Strength.POSSIBLE)
        if facts.fin_long_ago:
            return Claim(by, "one-way-a-while-later", Strength.RATHER)
        if facts.both_closed and facts.fin_unseen == facts.first_closer:
            return Claim(by, "one-way-second", Strength.LIKELY)
        if facts.both_closed:
            # It may have crossed the other one.
            return Claim(by, "one-way-first", Strength.POSSIBLE)
        return Claim(by, "one-way", Strength.RATHER)
    if is_second_half(facts) and facts.first_fin_acked:
        return Claim(OTHER[facts.first_closer], "second-half-seen", Strength.POSSIBLE)
    if facts.only_acks:
        # Of FINs that crossed before the capture began.
        return Claim("both", "only-acks", Strength.FAINT)
    if not facts.both_closed:
        if facts.fin_just_acked:
            return Claim(SIDES[facts.first_closer], "just-begun", Strength.FAINT)
        if facts.loss and facts.first_closer:
            grades = (Strength.FAINT, Strength.POSSIBLE, Strength.RATHER)
            return lossy(facts, SIDES[facts.first_closer], "second-fin", grades)
        return None
    by = "both" if facts.fins_crossed else SIDES[facts.first_closer]
    if facts.late_data and facts.late_data_acked:
        if facts.late_data_knew:
            return Claim(by, "with-late-data", Strength.FAINT)
        return Claim(by, "data-crossed-the-fin", Strength.LIKELY)
    if facts.hidden:
        return Claim(by, "nothing-between-seen", Strength.LIKELY)
    if facts.fin_never_acked:
        return Claim(by, "fin-repeated", Strength.POSSIBLE)
    if facts.rest_unseen:
        return Claim(by, "rest-unseen", Strength.LIKELY)
    if facts.fin_unseen and facts.fins_crossed:
        # The missing frame may have acknowledged the other one.
        return Claim(by, "crossed-and-lost", Strength.LIKELY)
    if facts.fin_unseen:
        return Claim(by, "fin-acknowledged-and-lost", Strength.STRONG)
    if facts.first_fin_acked and facts.second_fin_acked:
        return Claim(by, "both-acknowledged", Strength.PROVEN)
    if facts.fin_wait_2_over:
        # The first closer may have forgotten; its refusal would come now.
        return Claim(by, "last-ack-not-seen-late", Strength.LIKELY)
    return Claim(by, "last-ack-not-seen", Strength.STRONG)


def tell(story: Story) -> str:
    """Say who closed first."""
    if story.by == "both":
        return "Both sides closed at the same time; nothing was lost."
    return (
        f"The {story.actor_name} closed first and the {story.other_name}"
        " closed after it; nothing was lost."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show both FINs."""
    return story.fin_exhibit(
        story.actor_name, f"the {story.actor_name}'s FIN"
    ) + story.fin_exhibit(story.other_name, f"the {story.other_name}'s FIN")


def saw(story: Story) -> dict[str, str]:
    """Both programs read an end of file, or had closed before."""
    return story.saw("close returned 0", "EOF, then close returned 0")


ENDING = Ending(
    slug="orderly-close",
    title="Orderly close",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Nothing to do.",
    settle_it="",
    references=("RFC 9293 3.6",),
    good=True,
    kind="end",
    mistaken_for=("half-close", "retransmission-timeout"),
)
