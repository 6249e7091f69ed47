"""The client's host broke the handshake off.

## What happened

The server's kernel answered the SYN, but the client's kernel had no use for the
answer. Its program had closed the connecting socket, hit its own deadline, or
died; or the SYN came from a scanner's raw socket, of which the kernel knew
nothing. So the client's kernel answered the SYN-ACK by a reset (RFC 9293
3.10.7.1). A load balancer's health check does the same on purpose, and so do
clients that race several addresses and keep the first (RFC 8305).

No program of the server heard of it: the connection never reached accept().

## How it is told

A bare reset from the client whose number is what the SYN-ACK acknowledges, on
Linux with IP ID 0, a window of 0 and no options, at once after the SYN-ACK. The
ACK of the handshake is missing. A short time between SYN and reset, a SYN
without options or with a small window, and many ports in turn are a scan's; a
SYN-ACK that comes after a second or more met a client which had given up.

A client that completed the handshake and then resets at once, with RST and ACK
and an open window, is another matter: its program aborted (linger-zero). There
the server's accept() succeeds, and the first recv() fails with ECONNRESET.

## What to do

Give the client more time to connect, or find why the server's answer is late.
Of a scan or a health check, nothing: leave it out of the alarms.

## Example

The client's program gave up after 1 s, on a path that took longer:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +1.2  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > R 1:1(0) win 0 {id 0}

## Not this: stale-connection-reused

What the client's kernel resets is no SYN-ACK, but an acknowledgement of numbers
which it has never used: the server still holds an older connection there.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < . 880001:880001(0) ack 770001 win 501
    +0    > R 770001:770001(0) win 0 {id 0}

## Not this: firewall-reset

The reset refuses the SYN itself, in the server's name. Its TTL is the
firewall's; the server's own packets, in the other connection, have another.

    +1    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.002 < R. 0:0(0) ack 1 win 0 {ttl 62, id 0}

Another connection to the same host:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7> {ttl 55, id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 101 win 509 {ttl 55}
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """A client's reset in the handshake."""
    if facts.odd_answer_to_syn and not facts.established and not facts.syn_ack:
        return Claim("client", "odd-answer-refused", Strength.FAINT)
    if facts.resetter != 1 or (facts.established and facts.syn):
        return None
    if facts.reset_answers_syn_ack:
        if facts.reset_ttl_known and facts.reset_ttl_differs:
            return Claim("client", "syn-ack-refused-foreign-ttl", Strength.LIKELY)
        if facts.syn_repeated and facts.reset_sender_goes_on:
            # A socket still connects; scanners alone repeat SYNs regardless.
            return Claim("client", "syn-goes-on", Strength.POSSIBLE)
        return Claim("client", "syn-ack-refused", Strength.PROVEN)
    if facts.syn and not facts.client_data:
        if facts.reset_has_ack and facts.syn_ack:
            # A socket sends it that has the SYN-ACK: its ACK was not seen.
            return Claim("client", "by-a-live-socket", Strength.FAINT)
        if facts.hidden and not facts.reset_seq_is_sent:
            # Octets had passed before it.
            return None
        if facts.hidden:
            return Claim("client", "after-the-handshake", Strength.POSSIBLE)
        if not facts.server_seen:
            return Claim("client", "one-way", Strength.POSSIBLE)
        return Claim("client", "reset-in-handshake", Strength.STRONG)
    return None


def tell(story: Story) -> str:
    """Say that the client broke off."""
    return (
        "The client's host broke off the handshake: it reset the server's SYN-ACK,"
        " so nothing was waiting for it there any more (or it was a scan)."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the SYN-ACK and the reset."""
    return story.reset_exhibits(
        "the server's SYN-ACK", "the client's host has no socket for it"
    )


def saw(story: Story) -> dict[str, str]:
    """Neither program saw a connection."""
    return {"client": "it had given up before", "server": "nothing"}


ENDING = Ending(
    slug="handshake-abandoned",
    title="Handshake abandoned by the client",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Give the client a longer time to connect; ignore it if it is a scan.",
    settle_it="On the client: was the connecting socket closed before the SYN-ACK?",
    references=("RFC 9293 3.10.7.1", "Linux tcp_minisocks.c:tcp_check_req"),
    kernel_reasons=("NO_SOCKET", "TCP_INVALID_ACK_SEQUENCE", "TCP_RFC7323_PAWS"),
    mistaken_for=("stale-connection-reused", "firewall-reset"),
)
