"""The capture shows too little of the connection to tell how it ended.

## What happened

Only a stray segment was captured, or one whose circumstances are missing: a lone
reset or acknowledgement without anything before it.

## How it is told

By what is missing.

## What to do

Capture again from before the connection opens, at one of the two hosts.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """Always possible; likely only where a reset stands alone."""
    if facts.resetter and facts.sender_unknown and not facts.reset_answers_syn:
        return Claim("unknown", "lone-reset", Strength.LIKELY)
    if not facts.client_seen and not facts.server_seen:
        return Claim("unknown", "nothing-seen", Strength.LIKELY)
    if facts.resetter and not facts.syn and not facts.syn_ack:
        return Claim("unknown", "reset-in-the-middle", Strength.FAINT)
    if not facts.established or not facts.syn:
        return Claim("unknown", "beginning-not-seen", Strength.FAINT)
    if facts.first_closer and not facts.both_closed:
        return Claim("unknown", "end-not-seen", Strength.FAINT)
    return Claim("unknown", "never-excluded", Strength.HARDLY)


def tell(story: Story) -> str:
    """Say that it cannot be told."""
    return "The capture shows too little of this connection to tell how it ended."


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show what there is."""
    return exhibit(story.reset_seen, "a reset, without what led to it")


def saw(story: Story) -> dict[str, str]:
    """Nothing can be said."""
    return {"client": "cannot be told", "server": "cannot be told"}


ENDING = Ending(
    slug="unknown",
    title="Cannot be told",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Capture again from before the connection opens.",
    settle_it="A capture at one of the hosts, from the beginning.",
    references=("RFC 9293 3.5.2",),
    kind="end",
    mistaken_for=("still-open",),
)
