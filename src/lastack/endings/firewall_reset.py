"""A box on the path answered a segment with a reset.

## What happened

A firewall, NAT or balancer rejected one side's segment and answered it by a
reset that bears the other side's address: a rule says so, or the box had
forgotten the flow, idle for longer than it remembers (350 s, 4 and 15 minutes,
an hour are usual). The host whose address the reset bears never saw the segment
and knows nothing. Its connection stays open; when it sends, its own segments
are refused in their turn, or answered by the kernel of the side that was reset.

The rejected side's program got ECONNRESET, or ECONNREFUSED while connecting.
The other side's got nothing, until much later.

## How it is told

The reset answers a segment as a kernel would: RST alone with the number that
the segment acknowledged, RST and ACK to a SYN; window 0, no options, IP ID 0
(Linux netfilter's `nf_send_reset`). What gives it away:

- Its TTL is not that of its pretended sender's other packets. This proves it,
  except for a socket with an IP_TTL of its own.
- It came sooner than that host can answer, by the round trip of the handshake.
- The pretended sender goes on, as if nothing had happened.

Without any of them a firewall at the same distance, or on the host itself, is
not told from a host that lost the connection (peer-lost-state) or has no
listener (connection-refused). Some boxes copy the rejected segment's IP ID and
window, or acknowledge that segment by an RST and ACK, or reset both sides the
moment the flow expires. A reset that answers no segment is a forgery
(injected-reset).

## What to do

Capture at the host whose address the reset bears: if none left it, a box made
it. On that host `nstat TcpOutRsts` does not count netfilter's. Then change the
rule; or keep idle flows alive: keepalive, or a ping of the protocol, at less
than the box's idle time; raise that time where it can be raised.

## Example

The firewall forgot the flow in six minutes of silence. It is two hops away, the
server nine:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7> {ttl 55, id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509 {ttl 55}
    +0    > . 101:101(0) ack 201 win 501
    +360  > P. 101:201(100) ack 201 win 501
    +.002 < R 201:201(0) win 0 {ttl 62, id 0}

## Not this: peer-lost-state

The same, with the server's own TTL and round trip:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7> {ttl 55, id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509 {ttl 55}
    +0    > . 101:101(0) ack 201 win 501
    +40   > P. 101:201(100) ack 201 win 501
    +.01  < R 201:201(0) win 0 {ttl 55, id 0}

## Not this: injected-reset

Nothing had been sent that the reset could answer:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7> {ttl 55, id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509 {ttl 55}
    +0    > . 101:101(0) ack 201 win 501
    +3    < R 201:201(0) win 0 {ttl 57, id 31337}
"""

from lastack.connections.facts import Facts
from lastack.connections.reset import A_SYN
from lastack.connections.story import Exhibit, Story
from lastack.ending import (
    Claim,
    Ending,
    Strength,
    is_answer,
    is_embedded_answer,
    is_foreign,
    looks_like_an_answer,
)


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
        if foreign and facts.ttl_of_other_port:
            # Ports may be forwarded to hosts behind the one that refuses others.
            return Claim("path", "syn-foreign-ttl-other-port", Strength.LIKELY)
        if foreign:
            return Claim("path", "syn-foreign-ttl", Strength.STRONG)
        if facts.reset_made_here:
            return Claim("path", "syn-made-here", Strength.STRONG)
        if facts.met_half_open:
            return Claim("path", "syn-met-a-half-open-one", Strength.FAINT)
        if facts.served_just_before:
            # A limit of connections refuses so, on the host or before it.
            return Claim("path", "syn-served-just-before", Strength.RATHER)
        if facts.served_others:
            return Claim("path", "syn-others-served", Strength.POSSIBLE)
        if facts.reset_ttl_known:
            return Claim("path", "syn-own-ttl", Strength.FAINT)
        return Claim("path", "syn-ttl-unknown", Strength.POSSIBLE)
    if facts.reset_answers_syn_ack:
        # Who scans writes SYNs of its own; its host's kernel refuses the answer.
        if foreign:
            return Claim("path", "syn-ack-foreign-ttl", Strength.POSSIBLE)
        if facts.syn_repeated and facts.reset_sender_goes_on:
            # The client's socket would have taken it, and goes on with its SYNs.
            return Claim("path", "syn-ack-and-syn-goes-on", Strength.LIKELY)
        return None
    if facts.hidden and not facts.reset_has_ack and not facts.resetter_closed:
        # What it answers, if anything, is not in the capture.
        if foreign or facts.reset_sender_goes_on:
            return Claim("path", "foreign-and-hidden", Strength.STRONG)
        return Claim("path", "hidden", Strength.FAINT)
    if not is_answer(facts):
        if facts.resetter_closed:
            return None
        if facts.reset_answers_with_ack and is_foreign(facts):
            if facts.idle_long:
                return Claim("path", "foreign-ttl-with-ack-after-idle", Strength.LIKELY)
            return Claim("path", "foreign-ttl-with-ack", Strength.RATHER)
        if is_embedded_answer(facts):
            if facts.idle_long:
                return Claim("path", "with-ack-after-long-idle", Strength.RATHER)
            return Claim("path", "with-ack", Strength.FAINT)
        if foreign and facts.idle_long and facts.reset_has_ack:
            # Its idle time is over, and nothing was sent that it could answer.
            return Claim("path", "idle-time-over", Strength.POSSIBLE)
        if not looks_like_an_answer(facts):
            return None
        if foreign:
            return Claim("path", "foreign-ttl-offence-not-seen", Strength.POSSIBLE)
        if facts.reset_sender_goes_on:
            return Claim("path", "goes-on-offence-not-seen", Strength.RATHER)
        return Claim("path", "answers-what-is-not-here", Strength.FAINT)
    if facts.reset_burst:
        return Claim("path", "several-numbers", Strength.FAINT)
    if facts.resetter_closed and facts.reset_sender_goes_on:
        return Claim("path", "behind-a-fin-goes-on", Strength.POSSIBLE)
    if facts.resetter_closed:
        # A socket may bear a TTL of its own; its host's answers do not.
        return Claim("path", "behind-a-fin", Strength.FAINT) if foreign else None
    if facts.reset_made_here:
        return Claim("path", "made-here", Strength.STRONG)
    if facts.reset_ttl_same_distance:
        return Claim("path", "another-initial-ttl", Strength.LIKELY)
    if foreign and facts.reset_answers_ack:
        # A bare ACK asks for nothing; the moment may be chance.
        return Claim("path", "foreign-ttl-after-ack", Strength.STRONG)
    if foreign:
        return Claim("path", "foreign-ttl", Strength.PROVEN)
    if facts.answered_unsent:
        # Whoever listens refuses an acknowledgement of what it never sent.
        return Claim("path", "wrong-ack", Strength.FAINT)
    if facts.reset_too_fast:
        return Claim("path", "too-fast", Strength.LIKELY)
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
        elif reset.once and not story.connection.reset_copied:
            says += "; all but these two passed this box, so it refused itself"
        elif reset.sender_after > 0:
            says += f", who goes on sending {reset.sender_after} more"
    return story.reset_exhibits("the segment that was rejected", says)


def saw(story: Story) -> dict[str, str]:
    """The rejected side was reset; the other was told nothing."""
    receiver = "client" if story.resetter == "server" else "server"
    connecting = story.reset is not None and story.reset.answers == A_SYN
    if connecting:
        return {receiver: "connect: ECONNREFUSED", story.resetter: "nothing"}
    return {
        receiver: "ECONNRESET",
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
