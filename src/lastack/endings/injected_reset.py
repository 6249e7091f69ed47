"""A third party forged the reset; the host that it names sent none.

## What happened

Something on the path (a censor, an intrusion prevention system, a traffic
manager, an attacker) watched the connection and sent a reset with one side's
address and a fitting sequence number. The receiver's kernel took it: Linux
checks that number only, which must be exact (RFC 5961 3.2), not the
acknowledgement. Often both sides are reset at once.

The receiver's program got ECONNRESET, or ECONNREFUSED while connecting. The
pretended sender's program got nothing, went on, and was reset by the receiver's
kernel, which does not know the connection any more.

## How it is told

It answers no segment, as a kernel's reset does, and it does not look like its
pretended sender either, as a live socket's does:

- Its TTL is not that of that side's other packets.
- Several come within a millisecond with different sequence numbers: guesses,
  for the forger does not know what is under way.
- Resets to both sides in the same instant, each in the other's name.
- The pretended sender goes on sending, and the receiver's kernel answers that.
- An IP ID out of line, no timestamps where the connection has them, a window of
  0 on an RST and ACK, DF clear: each is a hint, other systems may have it too.

One captured at the receiver with the right TTL and nothing after it is not told
from an abort by the host (linger-zero). At the other host the forged reset is
not seen at all: there its own data is answered by a reset from a side that had
closed nothing, as if that had lost its state (peer-lost-state).

A reset with a number that is not exact ends nothing: it draws a challenge ACK,
and the connection goes on.

## What to do

Capture at both hosts at once: a reset that only one of them has was made in
between, and its TTL tells how far away. TLS does not prevent it; a tunnel that
authenticates its packets (IPsec, WireGuard) or QUIC does. Inside one's own
network look for the IPS or the balancer that does it, and its rule.

## Example

A reset of an idle connection. The server knows nothing and sends on:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7> {ttl 55, id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509 {ttl 55}
    +0    > . 101:101(0) ack 201 win 501
    +.1   < R 201:201(0) win 0 {ttl 57, id 31337, nodf}
    +.058 < P. 201:241(40) ack 101 win 509 {ttl 55}
    +0    > R 101:101(0) win 0 {id 0}

## Not this: linger-zero

The reset fits its sender in every field, and the sender is heard no more:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7> {ttl 55, id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509 {ttl 55}
    +0    > . 101:101(0) ack 201 win 501
    +.1   < R. 201:201(0) ack 101 win 509 {ttl 55}

## Not this: firewall-reset

The reset answers the client's segment, with the TTL of a box on the path:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7> {ttl 55, id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509 {ttl 55}
    +0    > . 101:101(0) ack 201 win 501
    +360  > P. 101:201(100) ack 201 win 501
    +.002 < R 201:201(0) win 0 {ttl 62, id 0}
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import (
    Claim,
    Ending,
    Strength,
    is_answer,
    is_bare_abort,
    is_keepalive,
    looks_like_an_answer,
)


def signature(facts: Facts) -> Claim | None:
    """A reset which its pretended sender did not send."""
    if facts.resetter == 0 or facts.reset_answers_syn or facts.reset_answers_syn_ack:
        return None
    if is_keepalive(facts):
        return None
    foreign = facts.reset_ttl_known and facts.reset_ttl_differs
    if facts.sender_unknown or facts.other_unknown:
        return Claim("path", "one-way", Strength.FAINT)
    if facts.reset_burst and not facts.resetter_closed:
        return Claim("path", "several-guesses", Strength.PROVEN)
    if is_answer(facts):
        if facts.resetter_closed:
            return None
        if facts.answered_unsent:
            return Claim("path", "wrong-ack", Strength.FAINT)
        if facts.offence_foreign:
            return Claim("path", "refuses-what-was-forged", Strength.LIKELY)
        if facts.fin_disowned:
            # The FIN was forged; this reset is its victim's own. A proxy that
            # ends one half and passes the other on leaves the same.
            return Claim("path", "fin-disowned", Strength.LIKELY)
        if facts.forged_before:
            # Whoever forged one reset may have forged the other way as well, so
            # that this host has forgotten.
            return Claim("path", "forged-before", Strength.LIKELY)
        if foreign and facts.reset_answers_ack:
            return Claim("path", "foreign-ttl-after-ack", Strength.LIKELY)
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
        if facts.reset_has_ack and facts.reset_timestamped:
            # Paths may be of different lengths; who forges knows no timestamps.
            return Claim("path", "foreign-ttl-timestamped", Strength.POSSIBLE)
        if (
            facts.reset_has_ack
            and not facts.reset_window_zero
            and facts.reset_ip_id_unknown
            and not facts.reset_lacks_timestamps
            and not facts.reset_ack_beyond
        ):
            # IPv6 without timestamps: nothing but the TTL speaks for it.
            return Claim("path", "foreign-ttl-alone", Strength.LIKELY)
        if looks_like_an_answer(facts):
            # What it answers may be missing here.
            return Claim("path", "foreign-ttl-offence-not-seen", Strength.RATHER)
        if facts.reset_answers_with_ack:
            # A box that rejects a segment may well acknowledge it.
            return Claim("path", "foreign-ttl-answer-with-ack", Strength.POSSIBLE)
        if facts.hidden:
            return Claim("path", "foreign-ttl-hidden", Strength.STRONG)
        if facts.idle_long:
            # Some boxes reset both sides when they forget an idle flow.
            return Claim("path", "foreign-ttl-after-long-idle", Strength.LIKELY)
        return Claim("path", "foreign-ttl", Strength.PROVEN)
    if facts.reset_both_ways and facts.keepalive_gave_up:
        # Both ends may have given up on a path that was cut.
        return Claim("path", "both-ways-after-probes", Strength.POSSIBLE)
    if facts.reset_both_ways:
        return Claim("path", "both-ways", Strength.PROVEN)
    if facts.hidden and facts.reset_sender_goes_on:
        return Claim("path", "sender-goes-on-hidden", Strength.STRONG)
    if facts.reset_sender_goes_on and looks_like_an_answer(facts):
        # It may answer what is missing here: a box then made it, and for that.
        return Claim("path", "goes-on-offence-not-seen", Strength.RATHER)
    if facts.reset_sender_goes_on:
        return Claim("path", "sender-goes-on", Strength.PROVEN)
    if is_bare_abort(facts):
        return Claim("path", "marks-of-its-sender", Strength.FAINT)
    if not facts.reset_has_ack:
        if facts.reset_may_answer:
            return Claim("path", "may-be-an-answer", Strength.POSSIBLE)
        if facts.resetter_closed and not facts.reset_seq_is_fin:
            return Claim("path", "answers-nothing-behind-fin", Strength.POSSIBLE)
        if looks_like_an_answer(facts):
            return Claim("path", "answers-what-is-not-here", Strength.POSSIBLE)
        return Claim("path", "answers-nothing", Strength.STRONG)
    if (
        facts.reset_ack_beyond
        and not facts.reset_lacks_timestamps
        and (facts.reset_ip_id_continues or facts.reset_ip_id_unknown)
    ):
        # All else is its socket's: the capture lacks what it acknowledges.
        strength = Strength.FAINT if facts.reset_ip_id_continues else Strength.POSSIBLE
        return Claim("path", "acks-what-is-not-here", strength)
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
