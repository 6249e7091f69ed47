"""A box on the path answered a segment with a reset.

## What happened

A firewall or NAT rejected a segment with a reset in the other host's name: a
rule says so, or it had forgotten the flow (idle for too long). The host whose
address it bears often knows nothing, and the other side goes on.

## How it is told

The reset answers a segment as a kernel would, but its TTL is not that of its
pretended sender's packets, or it came sooner than that host can answer, or that
host goes on sending. A firewall on the host itself, or at the same distance,
cannot be told from the host.

## What to do

Change the rule; keep idle flows alive with keepalive below the firewall's idle
time.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.ending import Claim, Ending, Strength, is_answer


def signature(facts: Facts) -> Claim | None:
    """An answer to a segment which its pretended sender did not give."""
    if facts.resetter == 0:
        return None
    if facts.sender_unknown and facts.other_unknown:
        return Claim("path", "lone-reset", Strength.FAINT)
    if facts.other_unknown and not facts.reset_has_ack and not facts.resetter_closed:
        return Claim("path", "one-way", Strength.POSSIBLE)
    foreign = facts.reset_ttl_known and facts.reset_ttl_differs
    if facts.reset_answers_syn:
        if foreign:
            return Claim("path", "syn-foreign-ttl", Strength.STRONG)
        if facts.reset_ttl_known:
            return Claim("path", "syn-own-ttl", Strength.FAINT)
        return Claim("path", "syn-ttl-unknown", Strength.POSSIBLE)
    if not is_answer(facts):
        return None
    if facts.resetter_closed or facts.reset_answers_syn_ack:
        # A socket may bear a TTL of its own; its host's answers do not.
        return Claim("path", "behind-a-fin", Strength.FAINT) if foreign else None
    if foreign:
        return Claim("path", "foreign-ttl", Strength.PROVEN)
    if facts.reset_too_fast:
        return Claim("path", "too-fast", Strength.STRONG)
    if facts.reset_sender_goes_on:
        return Claim("path", "sender-goes-on", Strength.STRONG)
    if facts.reset_answers_handshake or facts.syn_ack_repeated_after_ack:
        return Claim("path", "in-the-handshake", Strength.FAINT)
    if facts.idle_long:
        return Claim("path", "after-long-idle", Strength.POSSIBLE)
    return Claim("path", "same-ttl", Strength.POSSIBLE)


def tell(story: Story) -> str:
    """Say what was rejected and in whose name."""
    receiver = "client" if story.resetter == "server" else "server"
    return (
        f"A firewall or NAT on the path answered the {receiver}'s segment with a"
        f" reset in the {story.resetter}'s name."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the rejected segment and the reset."""
    reset = story.reset
    says = f"answered in the {story.resetter}'s name"
    if reset is not None:
        if 0 <= reset.reference_ttl != reset.segment.ttl:
            says = (
                f"TTL {reset.segment.ttl}; the {story.resetter}'s own packets have"
                f" {reset.reference_ttl}"
            )
        elif reset.sender_after > 0:
            says += f", who goes on sending {reset.sender_after} more"
    return story.reset_exhibits("the segment that was rejected", says)


def saw(story: Story) -> dict[str, str]:
    """The rejected side was reset; the other was told nothing."""
    receiver = "client" if story.resetter == "server" else "server"
    return {
        receiver: "ECONNRESET (ECONNREFUSED while connecting)",
        story.resetter: "nothing; its own retransmissions fail later",
    }


ENDING = Ending(
    slug="firewall-reset",
    title="Reset by a firewall or NAT",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Change the rule, or keep the flow alive within its idle time.",
    settle_it=(
        "Capture at the host whose address the reset bears: if none left it, a box"
        " on the path made it. On that host OutRsts does not move for netfilter's."
    ),
    references=("Linux nf_reject_ipv4.c:nf_send_reset",),
    mistaken_for=(
        "connection-refused",
        "peer-lost-state",
        "injected-reset",
        "handshake-abandoned",
    ),
)
