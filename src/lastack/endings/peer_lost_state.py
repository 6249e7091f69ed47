"""The other host had forgotten the connection: reboot, power cut, new container.

## What happened

One host lost the connection without saying so: it lost power, rebooted, was
replaced, or gave up while the path was cut. The other side knew nothing, sent
data or a keepalive probe, and was told by a reset from a kernel which does not
know the connection (RFC 9293 3.5.1, half-open connections).

## How it is told

A bare reset with the number of the segment that it answers, from a side that
had never sent a FIN or a reset. A firewall on the host or at the same distance
sends the same; a TTL that differs betrays it.

## What to do

Connect again. A heartbeat, or keepalive with TCP_USER_TIMEOUT, finds it before
the next request does.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.ending import SIDES, Claim, Ending, Strength, is_answer


def signature(facts: Facts) -> Claim | None:
    """A kernel's answer to a segment from a side that had not closed."""
    if facts.resetter == 0 or facts.resetter_closed or facts.odd_answer_to_syn:
        return None
    if facts.other_unknown and not facts.reset_has_ack:
        return Claim(SIDES[facts.resetter], "one-way", Strength.POSSIBLE)
    if not is_answer(facts):
        if not facts.reset_has_ack and facts.established:
            return Claim(SIDES[facts.resetter], "offence-not-seen", Strength.FAINT)
        return None
    if facts.reset_answers_syn_ack or facts.reset_answers_syn:
        return None
    by = SIDES[facts.resetter]
    if facts.reset_ttl_known and facts.reset_ttl_differs:
        return Claim(by, "foreign-ttl", Strength.FAINT)
    if facts.reset_sender_goes_on:
        return Claim(by, "sender-goes-on", Strength.FAINT)
    if facts.syn_ack_repeated_after_ack and not facts.server_data:
        return Claim(by, "handshake-in-doubt", Strength.POSSIBLE)
    if facts.reset_answers_handshake:
        return Claim(by, "last-ack-of-handshake", Strength.FAINT)
    if facts.stalled_before:
        return Claim(by, "after-a-stall", Strength.LIKELY)
    if facts.other_repeated:
        return Claim(by, "after-silence", Strength.LIKELY)
    if facts.idle_long:
        return Claim(by, "after-long-idle", Strength.LIKELY)
    return Claim(by, "same-ttl", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say who had forgotten."""
    return (
        f"The {story.actor_name}'s host did not know the connection any more (it"
        f" had rebooted, been replaced, or given up) when the {story.other_name}"
        " next sent; it answered with a reset."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the segment and the answer."""
    return story.reset_exhibits(
        f"the {story.other_name} takes the connection for alive",
        f"the {story.actor_name}'s host, which sent no FIN before, knows of none",
    )


def saw(story: Story) -> dict[str, str]:
    """The forgetful side has no program any more; the other was reset."""
    return story.saw("nothing: its program is gone", "ECONNRESET, then EOF, EPIPE")


ENDING = Ending(
    slug="peer-lost-state",
    title="The peer had lost the connection",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Connect again; use a heartbeat or keepalive to notice it earlier.",
    settle_it=(
        "Capture at the resetting host: no reset leaves it if a box on the path"
        " made it. Its uptime tells of a reboot."
    ),
    references=("RFC 9293 3.5.1", "Linux tcp_ipv4.c:tcp_v4_rcv"),
    kernel_reasons=("NO_SOCKET", "TCP_FLAGS"),
    mistaken_for=(
        "firewall-reset",
        "injected-reset",
        "data-after-close",
        "fin-wait-2-expired",
        "accept-queue-overflow",
    ),
)
