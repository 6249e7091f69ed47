"""The other host had forgotten the connection: reboot, power cut, new container.

## What happened

One side's host lost the connection without saying so: it lost power, rebooted,
was replaced by another with the same address, or its kernel gave up while the
path was cut. The other side knew nothing of that. When it next sent data, a FIN
or a keepalive probe, it was answered by a reset from a kernel that does not
know the connection (half-open connections, RFC 9293 3.5.1). If the service
listens there again, the listener answers; if not, the closed port: the packets
are the same.

The other side's program got ECONNRESET, at the first use after a pause that may
have lasted hours. On the side that forgot there is no program any more.

## How it is told

A bare reset with the number that the segment acknowledged, window 0, no
options, on Linux IP ID 0, from a side that had sent neither a FIN nor a reset.
`by` is the side that forgot. Before it, silence: nothing from that host since
it went down, or repetitions that nobody answered, until it was back.

Three others send the very same. A firewall or NAT on the path that forgot the
flow: its TTL may differ, or it answers faster than the host can
(firewall-reset). A firewall on the host itself: only the host can tell. And the
victim of a forged reset, which truly has lost its state when the true peer goes
on (injected-reset): then a capture on the other side of the forger shows it.

If the refused segment's numbers continue another connection of the capture,
which has other addresses or ports, then a translation has changed between them:
a NAT or a load balancer forgot the flow, and sent what came next from another
port or to another server. That host never knew the connection by these
addresses; the other one goes on waiting.

A sequence number behind what that side had sent tells how many of its last
octets were never acknowledged: it gave up on them (retransmission-timeout).

## What to do

Connect again, and repeat what was not answered. Find it before the next request
does: a heartbeat, or keepalive with TCP_USER_TIMEOUT. A host that is shut down
in order closes its connections first: stop the program before the network. If
it happens after pauses of a round length, to many flows, and the peer was up
all the time, look for a firewall's idle timeout instead.

## Example

The server was restarted by its power supply during a pause of 40 s:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +40   > P. 101:201(100) ack 201 win 501
    +.01  < R 201:201(0) win 0 {id 0}

## Not this: data-after-close

The server had sent its FIN before:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +5    < F. 201:201(0) ack 101 win 509
    +.04  > . 101:101(0) ack 202 win 501
    +35   > P. 101:201(100) ack 202 win 501
    +.01  < R 202:202(0) win 0 {id 0}

## Not this: firewall-reset

The reset's TTL is not the server's:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7> {ttl 55, id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509 {ttl 55}
    +0    > . 101:101(0) ack 201 win 501
    +400  > P. 101:201(100) ack 201 win 501
    +.002 < R 201:201(0) win 0 {ttl 62, id 0}
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.ending import (
    SIDES,
    Claim,
    Ending,
    Strength,
    is_answer,
    is_bare_abort,
    is_embedded_answer,
    looks_like_an_answer,
    unseen_side,
)


def signature(facts: Facts) -> Claim | None:
    """A kernel's answer to a segment from a side that had not closed."""
    if unseen_side(facts):
        return Claim(SIDES[unseen_side(facts)], "unseen", Strength.FAINT)
    if facts.resetter == 0 or facts.odd_answer_to_syn:
        return None
    if facts.resetter_closed:
        if facts.fin_unseen & facts.resetter and is_answer(facts):
            # The octet that stands for its FIN may have been data.
            return Claim(SIDES[facts.resetter], "octet-not-seen", Strength.FAINT)
        return None
    if facts.other_unknown and not facts.reset_has_ack:
        return Claim(SIDES[facts.resetter], "one-way", Strength.POSSIBLE)
    if is_bare_abort(facts):
        return None
    if not is_answer(facts):
        if is_embedded_answer(facts):
            restarted = not (facts.reset_ip_id_continues or facts.reset_ip_id_unknown)
            if restarted:
                return Claim(
                    SIDES[facts.resetter], "embedded-answer-restarted", Strength.LIKELY
                )
            return Claim(SIDES[facts.resetter], "embedded-answer", Strength.POSSIBLE)
        if not facts.reset_has_ack and facts.established:
            if facts.reset_may_answer:
                by = SIDES[facts.resetter]
                return Claim(by, "may-be-an-answer", Strength.POSSIBLE)
            by = SIDES[facts.resetter]
            if looks_like_an_answer(facts) and not facts.reset_ttl_differs:
                return Claim(by, "answers-what-is-not-here", Strength.POSSIBLE)
            return Claim(by, "offence-not-seen", Strength.FAINT)
        return None
    if facts.reset_answers_syn_ack or facts.reset_answers_syn:
        return None
    by = SIDES[facts.resetter]
    if facts.reset_ttl_same_distance:
        # A socket's TTL may be set, as BGP's are; its host's answers keep theirs.
        return Claim(by, "another-initial-ttl", Strength.POSSIBLE)
    if facts.reset_ttl_known and facts.reset_ttl_differs:
        return Claim(by, "foreign-ttl", Strength.FAINT)
    if facts.reset_made_here:
        return Claim(by, "made-here", Strength.FAINT)
    if facts.goes_on_elsewhere:
        return Claim(by, "goes-on-elsewhere", Strength.STRONG)
    if facts.forged_before or facts.fin_disowned or facts.offence_foreign:
        return Claim(by, "forged-before", Strength.POSSIBLE)
    if facts.reset_too_fast:
        return Claim(by, "too-fast", Strength.POSSIBLE)
    if facts.reset_sender_goes_on:
        return Claim(by, "sender-goes-on", Strength.FAINT)
    if facts.syn_ack_repeated_after_ack and not facts.server_data:
        return Claim(by, "handshake-in-doubt", Strength.POSSIBLE)
    if facts.reset_answers_handshake:
        return Claim(by, "last-ack-of-handshake", Strength.FAINT)
    if facts.resetter_repeated:
        # It was there, and nobody heard it.
        return Claim(by, "after-its-own-repeats", Strength.POSSIBLE)
    if facts.stalled_before:
        return Claim(by, "after-a-stall", Strength.LIKELY)
    if facts.server_silent and facts.resetter == 2 and not facts.hidden:
        return Claim(by, "nothing-confirmed", Strength.POSSIBLE)
    if facts.other_repeated:
        return Claim(by, "after-silence", Strength.LIKELY)
    if facts.idle_long:
        return Claim(by, "after-long-idle", Strength.LIKELY)
    if facts.sender_unknown:
        # That it had closed before the capture began is more usual.
        return Claim(by, "beginning-not-seen", Strength.RATHER)
    return Claim(by, "same-ttl", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say who had forgotten, or never knew."""
    if story.actor.packets == 0:
        return (
            f"The {story.actor_name}'s host knew no connection of these addresses and"
            f" ports when the {story.other_name} sent, and answered with a reset: it"
            " had lost it, or a NAT or load balancer had changed them on the way."
        )
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
