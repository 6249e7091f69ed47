"""One side closed; the other acknowledged it and never closed.

## What happened

The FIN was acknowledged by the other side's kernel, but its program did not
close: it did not read the end of file, or ignored it. Its socket stays in
CLOSE_WAIT for as long as the program lives.

## How it is told

One FIN, acknowledged, and no FIN from the other side until the capture ends.
Keepalive probes are still answered: they prove nothing.

## What to do

In the program that did not close: when recv() returns 0, close().
`ss -tan state close-wait` counts them.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import OTHER, SIDES, Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """One FIN only."""
    if not facts.first_closer or facts.both_closed or facts.resetter:
        return None
    by = OTHER[facts.first_closer]
    if not facts.first_fin_acked:
        if facts.waiting_fin and facts.waiting == facts.first_closer:
            return Claim(by, "fin-not-acknowledged", Strength.FAINT)
        return Claim(by, "acknowledgement-not-seen", Strength.POSSIBLE)
    if facts.waiting and SIDES[facts.waiting] == by and facts.repeated_once:
        return Claim(by, "it-repeats-in-vain", Strength.FAINT)
    return Claim(by, "acknowledged", Strength.STRONG)


def tell(story: Story) -> str:
    """Say who never closed."""
    return (
        f"The {story.other_name} closed; the {story.actor_name}'s kernel"
        f" acknowledged it, but the {story.actor_name}'s program had not closed"
        " when the capture ended."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the FIN and the last word of the side that stays."""
    return exhibit(story.other.fin, f"the {story.other_name}'s FIN") + exhibit(
        story.actor.last, f"the last segment of the {story.actor_name}: no FIN"
    )


def saw(story: Story) -> dict[str, str]:
    """The one in CLOSE_WAIT could read an end of file."""
    return story.saw("EOF, if it reads", "close returned 0")


ENDING = Ending(
    slug="fin-unanswered",
    title="Never closed (CLOSE_WAIT)",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Close the socket when recv() returns 0.",
    settle_it="On the side that stays: ss -tanp state close-wait names the process.",
    references=("RFC 9293 3.6",),
    kind="silence",
    mistaken_for=("half-close", "still-open", "retransmission-timeout"),
)
