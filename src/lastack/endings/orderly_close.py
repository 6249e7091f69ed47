"""Both sides said that they had nothing more to send, and nothing was lost.

## What happened

Each program closed, or ended: its kernel sent a FIN behind the last octet, and
the other acknowledged it. A process that is killed with nothing unread ends
just so. The side whose FIN came first keeps TIME_WAIT (RFC 9293 3.6).

## How it is told

Two FINs, each acknowledged; no reset before that. If each FIN left before the
other arrived, both closed (RFC 9293, figure 13).

## What to do

Nothing. If TIME_WAIT fills a server's ports, let its clients close first.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:301(300) ack 101 win 509
    +0    > F. 101:101(0) ack 301 win 501
    +.01  < F. 301:301(0) ack 102 win 509
    +0    > . 102:102(0) ack 302 win 501

## Not this: half-close

    +0    > S 0:0(0) win 64240 <mss 1460>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460>
    +0    > . 1:1(0) ack 1 win 502
    +0    > FP. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 102 win 509
    +.5   < P. 1:301(300) ack 102 win 509
    +0    > . 102:102(0) ack 301 win 501
    +.01  < F. 301:301(0) ack 102 win 509
    +0    > . 102:102(0) ack 302 win 501
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """Two FINs and no reset that ended anything."""
    if not facts.both_closed or facts.resetter:
        return None
    by = "both" if facts.fins_crossed else SIDES[facts.first_closer]
    if facts.late_data and facts.late_data_acked:
        if facts.late_data_knew:
            return Claim(by, "with-late-data", Strength.FAINT)
        return Claim(by, "data-crossed-the-fin", Strength.LIKELY)
    if facts.fin_never_acked:
        return Claim(by, "fin-repeated", Strength.POSSIBLE)
    if facts.first_fin_acked and facts.second_fin_acked:
        return Claim(by, "both-acknowledged", Strength.PROVEN)
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
    return exhibit(
        story.actor.fin, f"the {story.actor_name}'s FIN"
    ) + exhibit(story.other.fin, f"the {story.other_name}'s FIN")


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
