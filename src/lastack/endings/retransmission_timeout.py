"""Data, or a FIN, was sent again and again and never acknowledged.

## What happened

The path or the peer went silent: power cut, cable, a firewall that drops. The
sender repeated its segment at doubling intervals, and gave up after a time
(Linux: net.ipv4.tcp_retries2, about 15 minutes; TCP_USER_TIMEOUT). Linux gives
up in silence; BSD and macOS send a reset.

## How it is told

The same sequence number several times, at growing intervals, and no
acknowledgement. If the peer's acknowledgements are seen and yet the segment
comes again, they are lost on their way back.

## What to do

Find the silent part of the path. TCP_USER_TIMEOUT and heartbeats shorten the
wait, and the request must be repeated on a new connection.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """Repeated segments that brought no acknowledgement."""
    if facts.resetter:
        if facts.resetter_repeated and not facts.resetter_zero_window:
            return Claim(SIDES[facts.resetter], "then-reset", Strength.LIKELY)
        return None
    if facts.fin_never_acked:
        by = SIDES[facts.fin_never_acked]
        if facts.fin_sent_often:
            return Claim(by, "fin-often", Strength.STRONG)
        return Claim(by, "fin-twice", Strength.LIKELY)
    if facts.waiting_probe or not facts.waiting:
        if facts.repeats_though_acked:
            by = SIDES[facts.repeats_though_acked]
            return Claim(by, "though-acknowledged", Strength.LIKELY)
        return None
    if facts.zero_window and facts.zero_window != facts.waiting:
        return Claim(SIDES[facts.waiting], "into-a-closed-window", Strength.FAINT)
    if facts.waiting_fin:
        return Claim(SIDES[facts.waiting], "fin-once", Strength.FAINT)
    if not facts.waiting_data:
        return None
    by = SIDES[facts.waiting]
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
    span = story.since(side.first_repeat, side.last_repeat)
    return (
        f"The {story.actor_name} repeated its {what}"
        f" {story.times(side.repeats)} in {span} and no acknowledgement reached it:"
        f" the path or the {story.other_name} had gone silent."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the first and the last repetition."""
    return exhibit(
        story.actor.first_repeat, f"the {story.actor_name} repeats itself"
    ) + exhibit(story.actor.last_repeat, "the last time")


def saw(story: Story) -> dict[str, str]:
    """The sender timed out; the other side heard nothing."""
    if story.actor.fins:
        return story.saw("close returned 0 long before", "nothing")
    return story.saw("ETIMEDOUT (EHOSTUNREACH after an ICMP error)", "nothing")


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
