"""One side stopped sending, and still read what the other sent afterwards.

## What happened

One program called shutdown(SHUT_WR), or closed while it still reads: its FIN
says "no more from me". The other went on sending, the data was accepted, and
then it closed as well. This may take hours and is no fault (RFC 9293 3.6).

## How it is told

A FIN, then new data from the other side that is acknowledged, then its FIN.

## What to do

Nothing. A program that treats end of file as an abort loses this data.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit, octets
from lastack.ending import SIDES, Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """Data behind the first FIN that was acknowledged, and both FINs."""
    if not facts.both_closed or facts.resetter or not facts.late_data:
        return None
    by = SIDES[facts.first_closer]
    if not facts.late_data_knew:
        return Claim(by, "data-crossed-the-fin", Strength.POSSIBLE)
    if facts.late_data_acked:
        return Claim(by, "late-data-acknowledged", Strength.PROVEN)
    return Claim(by, "late-data-not-seen-acknowledged", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say who stopped sending and how much came afterwards."""
    return (
        f"The {story.actor_name} closed its sending side; the"
        f" {story.other_name} sent {octets(story.late_octets)} more, which"
        " were accepted, and then closed."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the first FIN, the data behind it, the second FIN."""
    return (
        exhibit(story.actor.fin, f"the {story.actor_name} stops sending")
        + exhibit(story.other.data, f"the {story.other_name} goes on")
        + exhibit(story.other.fin, f"the {story.other_name} closes too")
    )


def saw(story: Story) -> dict[str, str]:
    """The first closer read on; the other read end of file and wrote on."""
    return story.saw("the late data, then EOF", "EOF, then send returned its count")


ENDING = Ending(
    slug="half-close",
    title="Half-close, then orderly close",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Nothing to do.",
    settle_it="",
    references=("RFC 9293 3.6", "RFC 1122 4.2.2.13"),
    good=True,
    kind="end",
    mistaken_for=("orderly-close", "fin-unanswered"),
)
