"""The SYNs were never answered.

## What happened

The client's kernel sent a SYN, repeated it, and gave up. Something dropped the
SYNs or the answers: a firewall that discards without a word, a host that does
not exist or is down, a route that leads nowhere, an answer that takes another
path and is discarded there; or the server's accept queue was full, and its
kernel ignored the SYNs.

Linux repeats after 1 s, 1 s, 1 s, 1 s and then at doubling intervals; older
kernels, and net.ipv4.tcp_syn_linear_timeouts = 0, double from the start: 1, 3,
7, 15 s. With net.ipv4.tcp_syn_retries = 6 it gives up after about two minutes.
The client's connect() failed with ETIMEDOUT; most programs give up earlier, by
a deadline of their own. The server's programs saw nothing.

## How it is told

SYNs with the same sequence number, and nothing from the server. A host which is
there and does not listen says so by a reset (connection-refused); a router that
rejects sends an ICMP error (icmp-rejected). On the same network segment a host
that is down is not even sent a SYN: the neighbour lookup fails, and connect()
returns EHOSTUNREACH after 3 s.

Where the capture holds TCP alone, or cuts its frames short, the ICMP error that
ended it after some SYNs may be what is not seen.

A full accept queue gives the same packets. What tells it is that other clients
of that port are served at the same time.

## What to do

Capture at the server. If the SYNs do not arrive, look for the firewall, the
security group or the route between the two. If they arrive and are not
answered, `nstat -az TcpExtListenOverflows TcpExtListenDrops` tells of a full
queue; otherwise the host's own firewall or net.ipv4.conf.all.rp_filter drops
them. If they are answered, follow the SYN-ACKs back.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +1.02 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +2.02 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +4.03 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>

## Not this: accept-queue-overflow

The same silence, while the server completes another client's handshake:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +1.02 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +2.02 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +4.03 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>

The other client:

    +.6   > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 101 win 509

## Not this: icmp-rejected

A router says that the SYN is not allowed through:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  icmp unreachable prohibited from 203.0.113.1 [> S 0:0(0) win 64240]
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """SYNs without an answer."""
    if not facts.syn or facts.syn_ack or facts.resetter or facts.established:
        return None
    if facts.hidden:
        return Claim("client", "answer-hidden", Strength.POSSIBLE)
    if facts.icmp:
        return Claim("client", "with-icmp", Strength.FAINT)
    if facts.server_seen:
        return Claim("client", "odd-answer", Strength.LIKELY)
    if facts.gave_up and not facts.syn_repeated:
        # Its program closed the socket before the kernel repeated the SYN.
        return Claim("client", "lone-syn-given-up", Strength.RATHER)
    if facts.served_others:
        return Claim("client", "others-served", Strength.LIKELY)
    if facts.error_unseen:
        # What ended it may be an ICMP error that the capture cannot show.
        return Claim("client", "syns-error-unseen", Strength.LIKELY)
    if facts.repeated_often:
        return Claim("client", "many-syns", Strength.STRONG)
    if facts.syn_repeated:
        return Claim("client", "several-syns", Strength.STRONG)
    return Claim("client", "one-syn", Strength.POSSIBLE)


def tell(story: Story) -> str:
    """Say how often the client asked."""
    count = story.client.syns
    tries = "1 SYN" if count == 1 else f"{count} SYNs"
    if story.connection.odd_answer_to_syn:
        return (
            f"The client sent {tries}; what came back acknowledged none of them, and"
            " no connection was made."
        )
    if count == 1:
        return (
            "The client sent 1 SYN, which the server never answered; its program had"
            " given up before the kernel would have repeated it."
        )
    return f"The client sent {tries} and the server never answered."


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the first and the last SYN."""
    proof = exhibit(story.client.syn, "the client's first SYN")
    if story.client.syns > 1:
        proof += exhibit(
            story.client.last,
            f"its last, {story.since(story.client.syn, story.client.last)} later",
        )
    odd = story.connection.odd_answer_to_syn
    if odd:
        proof += (Exhibit(odd, "an answer that acknowledges something else"),)
    return proof


def saw(story: Story) -> dict[str, str]:
    """The client timed out."""
    if story.client.syns == 1:
        return {"client": "nothing: it had given up before", "server": "nothing"}
    return {"client": "connect: ETIMEDOUT", "server": "nothing"}


ENDING = Ending(
    slug="connect-timeout",
    title="Connect timed out",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Open the firewall, correct the address, or accept faster.",
    settle_it="Capture at the server: do the SYNs arrive? nstat TcpExtListenDrops.",
    references=("RFC 1122 4.2.3.5", "tcp(7) tcp_syn_retries"),
    kind="silence",
    mistaken_for=("accept-queue-overflow", "icmp-rejected", "still-open"),
)
