"""A third party forged the reset; the host that it names sent none.

## What happened

Something on the path (a censor, an intrusion prevention system, an attacker)
sent a reset with one side's address and a fitting sequence number. Linux checks
only that number, so the receiver took it.

## How it is told

It answers no segment, yet does not look like its pretended sender: another TTL,
an IP ID out of line, no window, several guesses in a row, resets to both sides
at once. And the pretended sender goes on as if nothing had happened.

## What to do

Find the box: captures on both hosts tell, since the reset is in one only. TLS
does not prevent it.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength, is_answer


def signature(facts: Facts) -> Claim | None:
    """A reset which its pretended sender did not send."""
    if facts.resetter == 0 or facts.reset_answers_syn or facts.reset_answers_syn_ack:
        return None
    if facts.keepalive_gave_up:
        return None
    foreign = facts.reset_ttl_known and facts.reset_ttl_differs
    if facts.sender_unknown or facts.other_unknown:
        return Claim("path", "one-way", Strength.FAINT)
    if is_answer(facts):
        if facts.resetter_closed:
            return None
        if foreign or facts.reset_sender_goes_on or facts.reset_too_fast:
            return Claim("path", "answers-a-segment", Strength.POSSIBLE)
        return Claim("path", "answers-like-a-host", Strength.FAINT)
    if foreign:
        if (
            facts.reset_has_ack
            and not facts.reset_window_zero
            and facts.reset_ip_id_continues
            and not facts.reset_lacks_timestamps
        ):
            # A program may change its socket's TTL; all else is the socket's.
            return Claim("path", "foreign-ttl-only", Strength.FAINT)
        return Claim("path", "foreign-ttl", Strength.PROVEN)
    if facts.reset_burst and not facts.resetter_closed:
        return Claim("path", "several-guesses", Strength.PROVEN)
    if facts.reset_both_ways:
        return Claim("path", "both-ways", Strength.PROVEN)
    if facts.reset_sender_goes_on:
        return Claim("path", "sender-goes-on", Strength.PROVEN)
    if not facts.reset_has_ack:
        return Claim("path", "answers-nothing", Strength.STRONG)
    if facts.reset_ack_beyond:
        return Claim("path", "acks-what-was-never-sent", Strength.STRONG)
    if facts.reset_ack_behind:
        return Claim("path", "old-acknowledgement", Strength.LIKELY)
    if not facts.reset_ip_id_continues and not facts.reset_ip_id_unknown:
        if facts.reset_lacks_timestamps:
            return Claim("path", "other-stack", Strength.LIKELY)
        return Claim("path", "ip-id-out-of-line", Strength.POSSIBLE)
    return None


def tell(story: Story) -> str:
    """Say in whose name it was forged."""
    return (
        f"Something on the path forged a reset in the {story.resetter}'s name;"
        f" the {story.resetter}'s host did not send it."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the reset against its pretended sender's own packets."""
    reset = story.reset
    if reset is None:
        return ()
    says = f"a reset in the {story.resetter}'s name that answers nothing"
    if reset.reference_ttl >= 0 and reset.segment.ttl != reset.reference_ttl:
        says = (
            f"its TTL is {reset.segment.ttl}, the {story.resetter}'s other packets"
            f" have {reset.reference_ttl}"
        )
    sender = story.side(story.resetter)
    proof = exhibit(reset.segment, says)
    if reset.sender_after > 0:
        proof += exhibit(sender.last, f"the {story.resetter} goes on regardless")
    return proof


def saw(story: Story) -> dict[str, str]:
    """The receiver was reset; the pretended sender learns it later."""
    receiver = "client" if story.resetter == "server" else "server"
    return {
        receiver: "ECONNRESET",
        story.resetter: "nothing yet; ECONNRESET when it next sends",
    }


ENDING = Ending(
    slug="injected-reset",
    title="Forged reset",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Find the box on the path that forges resets; TLS does not prevent it.",
    settle_it="Capture at both hosts: the reset is in one of the captures only.",
    references=("RFC 5961 3.2", "Weaver, Sommer, Paxson: NDSS 2009"),
    mistaken_for=("linger-zero", "firewall-reset", "peer-lost-state"),
)
