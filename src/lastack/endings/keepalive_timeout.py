"""Keepalive probes went unanswered, and the prober gave up with a reset.

## What happened

The connection was idle, the kernel asked "are you there?" every so often, and
after TCP_KEEPCNT questions without an answer it ended the connection and sent a
reset into the void (RFC 1122 4.2.3.6; Linux `tcp_keepalive_timer`).

## How it is told

Empty segments one octet before what is next, equally spaced, and the reset one
interval after the last. At the peer the probes may be seen answered: then its
answers are lost on the way back.

## What to do

Find out why the path or the peer is silent: power, network, a NAT or firewall
that forgot the flow. Shorter keepalive times find it earlier, they cure nothing.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength, is_from_socket


def signature(facts: Facts) -> Claim | None:
    """A socket's reset one probe interval after steady probes."""
    if not facts.keepalive_gave_up or not is_from_socket(facts):
        return None
    by = SIDES[facts.resetter]
    if facts.single_probe:
        return Claim(by, "one-probe", Strength.LIKELY)
    if facts.probes_answered:
        return Claim(by, "answers-lost", Strength.STRONG)
    return Claim(by, "probes-unanswered", Strength.PROVEN)


def tell(story: Story) -> str:
    """Say who asked how often."""
    reset = story.reset
    count = 0 if reset is None else reset.sender_probes
    interval = story.interval(reset.probe_interval if reset else 0)
    return (
        f"The {story.actor_name}'s keepalive gave up: {count} probes{interval}"
        f" brought no answer that reached it, so it reset the connection."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the first and last probe and the reset."""
    return (
        exhibit(story.actor.first_probe, "the first keepalive probe of the series")
        + exhibit(story.actor.last_probe, "the last one")
        + exhibit(story.reset_seen, "one interval later the prober gives up")
    )


def saw(story: Story) -> dict[str, str]:
    """The prober timed out; the other, if it lives, was reset."""
    return story.saw("ETIMEDOUT once, then EOF", "ECONNRESET if the reset arrived")


ENDING = Ending(
    slug="keepalive-timeout",
    title="Keepalive gave up",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Find out why the peer or the path is silent; keepalive only tells.",
    settle_it="A capture at the other host tells whether the probes arrived.",
    references=("RFC 1122 4.2.3.6", "Linux tcp_timer.c:tcp_keepalive_timer"),
    kernel_reasons=("TCP_KEEPALIVE_TIMEOUT",),
    mistaken_for=("linger-zero",),
)
