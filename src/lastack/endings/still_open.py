"""No sign of an end: the capture stops while the connection goes on.

## What happened

There is a handshake or data, and neither a FIN nor a reset, nor a silence that
would mean one.

## How it is told

By what is missing. A connection that died in silence while nobody wrote looks
the same.

## What to do

Nothing; or capture for longer.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """Neither FIN nor reset."""
    if facts.both_closed or facts.resetter:
        return None
    if facts.first_closer:
        return Claim("none", "half-closed", Strength.POSSIBLE)
    if facts.stale:
        return Claim("none", "replaced", Strength.FAINT)
    if facts.zero_window:
        return Claim("none", "window-closed", Strength.POSSIBLE)
    if facts.waiting:
        if facts.repeated_often:
            return Claim("none", "waiting-often", Strength.FAINT)
        if facts.repeated_once:
            return Claim("none", "waiting", Strength.POSSIBLE)
        return Claim("none", "just-sent", Strength.LIKELY)
    if not facts.established:
        return Claim("none", "handshake", Strength.POSSIBLE)
    if facts.client_seen and facts.server_seen:
        return Claim("none", "both-spoke", Strength.STRONG)
    return Claim("none", "one-way", Strength.POSSIBLE)


def tell(story: Story) -> str:
    """Say that it goes on."""
    return "The connection was still open when the capture ended."


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the last segment."""
    last = story.client.last
    other = story.server.last
    if last is None or (other is not None and other.frame > last.frame):
        last = other
    return exhibit(last, "the last segment of the connection in the capture")


def saw(story: Story) -> dict[str, str]:
    """Nothing yet."""
    return {"client": "nothing yet", "server": "nothing yet"}


ENDING = Ending(
    slug="still-open",
    title="Still open",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Nothing to do.",
    settle_it="Capture for longer.",
    references=("RFC 9293 3.3.2",),
    good=True,
    kind="end",
    mistaken_for=(
        "retransmission-timeout",
        "fin-unanswered",
        "zero-window-stall",
        "connect-timeout",
        "handshake-incomplete",
        "unknown",
    ),
)
