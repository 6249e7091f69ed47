"""The server answered the SYN, and the client never came back.

## What happened

The server's kernel answered a SYN and waited for the last ACK of the handshake.
It repeated the SYN-ACK after 1, 3, 7 ... s, 5 times on Linux
(net.ipv4.tcp_synack_retries), and then forgot the attempt in silence: no reset
marks that moment. Its program never heard of it.

Either the client did not answer: its address was forged (a SYN flood), the SYN
came from a scanner, the client's host vanished. Or it did, and the path lost
one direction: its kernel never saw the SYN-ACK, or its ACK never arrived. In
that second case the client's program believes that it is connected, writes, and
is told by a reset after the server has given up.

## How it is told

A SYN, SYN-ACKs repeated at doubling times, and no ACK. `by` is the client's
side: it is what failed to complete the handshake. If a capture near the client
shows ACKs as well, and the server repeats its SYN-ACK all the same, they were
lost on their way, or the server ignored them since its accept queue was full;
these two are told apart at the server only. TCP_DEFER_ACCEPT repeats SYN-ACKs
also: then the server waits for data, and the connection comes to life with it.

A client that refuses the SYN-ACK says so by a reset (handshake-abandoned).

## What to do

Capture at the client: do the SYN-ACKs arrive, and is there an answer? Look for
asymmetric routing, and for a firewall that has seen one direction only. Many
different sources, none ever completing, are a flood: SYN cookies
(net.ipv4.tcp_syncookies = 1, the default) keep the server available.

## Example

As seen at the server:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +0    < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +1.02 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +2.05 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +4.1  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}

## Not this: accept-queue-overflow

The client did acknowledge, and others are served:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +0    < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +.01  > . 1:1(0) ack 1 win 502
    +1.01 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +.01  > . 1:1(0) ack 1 win 502
    +2.04 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +.01  > . 1:1(0) ack 1 win 502

Another client of the same port:

    +.5   > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +0    < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +.01  > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +0    < . 1:1(0) ack 101 win 509

## Not this: still-open

The handshake is complete, and nobody has spoken yet:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +0    < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +.01  > . 1:1(0) ack 1 win 502
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength, is_answer


def signature(facts: Facts) -> Claim | None:
    """SYN-ACKs that nobody acknowledged."""
    if facts.resetter:
        if facts.resetter == 2 and facts.syn_ack and not facts.server_data:
            if facts.answered_unsent:
                return Claim("client", "wrong-ack-refused", Strength.LIKELY)
            if facts.reset_answers_handshake and facts.syn_ack_repeated:
                if not facts.handshake_expired:
                    return Claim("client", "came-in-time", Strength.FAINT)
                return Claim("client", "came-too-late", Strength.STRONG)
            unfinished = not facts.established and not facts.resetter_got_data
            if unfinished and not facts.reset_answers_syn:
                return Claim("client", "refused-before-the-end", Strength.POSSIBLE)
        if (
            facts.resetter == 2
            and facts.server_silent
            and not facts.hidden
            and is_answer(facts)
            and not facts.reset_answers_handshake
            and not facts.other_repeated
        ):
            return Claim("client", "nothing-confirmed", Strength.POSSIBLE)
        if (
            facts.resetter == 2
            and not facts.reset_answers_handshake
            and facts.syn_ack_repeated_after_ack
            and not facts.server_data
            and not facts.reset_has_ack
        ):
            return Claim("client", "reset-after-doubt", Strength.POSSIBLE)
        return None
    if not facts.syn_ack:
        return None
    if facts.established:
        if facts.syn_ack_repeated_after_ack and not facts.server_data:
            return Claim("client", "ack-lost-behind", Strength.POSSIBLE)
        return None
    if not facts.client_seen:
        return Claim("client", "one-way", Strength.POSSIBLE)
    if facts.icmp and facts.icmp_about == 2:
        # It is told why nobody acknowledges them.
        return Claim("client", "syn-acks-rejected", Strength.LIKELY)
    if facts.syn_ack_repeated:
        return Claim("client", "syn-acks-repeated", Strength.STRONG)
    if facts.hidden:
        # Its last step is no SYN, FIN or RST, and none but these are here.
        return Claim("client", "one-syn-ack-hidden", Strength.POSSIBLE)
    return Claim("client", "one-syn-ack", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say how often the server answered."""
    if story.reset is not None and story.offender is not None:
        return (
            "The server answered the client's SYN"
            f" ({story.times(story.server.syn_acks)}), never got the last step of the"
            " handshake in time, and refused what came from the client later."
        )
    return (
        "The server answered the client's SYN"
        f" ({story.times(story.server.syn_acks)}), and the client's last step of"
        " the handshake never reached it."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the SYN and the SYN-ACKs."""
    proof = exhibit(story.client.syn, "the client's SYN")
    proof += exhibit(story.server.syn, "the server's SYN-ACK")
    if story.server.syn_acks > 1:
        proof += exhibit(story.server.last_repeat, "and again, unanswered")
    return proof + story.reset_exhibits(
        "what came from the client", "the server's host refuses it"
    )


def saw(story: Story) -> dict[str, str]:
    """No program of the server saw it."""
    return {"client": "nothing is known of it", "server": "nothing"}


ENDING = Ending(
    slug="handshake-incomplete",
    title="Handshake never completed",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Look at the path back to the client; against floods, SYN cookies.",
    settle_it="Capture at the client: do the SYN-ACKs arrive there?",
    references=("RFC 9293 3.5", "tcp(7) tcp_synack_retries"),
    kind="silence",
    mistaken_for=("accept-queue-overflow", "still-open"),
)
