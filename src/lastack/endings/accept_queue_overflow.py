"""The server's accept queue was full.

## What happened

The kernel completes handshakes for a listener and queues them until its program
calls accept(). The program did not call it fast enough, and the queue was full:
it is as long as the smaller of listen()'s backlog and net.core.somaxconn, plus
one. So the server's kernel did one of three things:

- It ignored new SYNs. The client repeats them and may time out.
- It ignored the last ACK of a handshake that it had already answered. The
  client's connect() has returned 0, its data is repeated unanswered, and the
  server repeats its SYN-ACK after 1, 3, 7 ... s. If the queue gets free
  meanwhile, the connection comes to life, seconds late; if not, a bare reset
  answers the client's data in the end.
- With net.ipv4.tcp_abort_on_overflow = 1 it answered the last ACK by a reset.

The server's program noticed nothing of it. The client's program saw ETIMEDOUT
from connect(), or a connection that is slow or reset at its first request.

## How it is told

SYNs without an answer, or SYN-ACKs repeated to a client that has acknowledged
them, while the same port serves other clients: the queue is the usual reason.
Without other clients the packets do not tell it from a path which loses SYNs
(connect-timeout) or the client's ACK (handshake-incomplete). A bare reset as
answer to the last ACK, one round trip later and with no SYN-ACK repeated, is
tcp_abort_on_overflow, or a listener that closed at that moment. A listener that
closes resets all who wait in its queue: where another connection of that port
waits on, or is taken later, it was the queue.

A Windows server refuses the SYN by a reset instead: connection-refused.

## What to do

In the program: accept in a loop of its own, do slow work elsewhere, ask for a
larger backlog. On the host: raise net.core.somaxconn; leave
tcp_abort_on_overflow at 0, so that a short burst only costs time. Proof on the
server: `nstat -az TcpExtListenOverflows`; `ss -ltn` shows Recv-Q above Send-Q.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.213 > P. 1:101(100) ack 1 win 502
    +.216 > P. 1:101(100) ack 1 win 502
    +.444 > P. 1:101(100) ack 1 win 502
    +.14  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 101:101(0) ack 1 win 502
    +.72  > P. 1:101(100) ack 1 win 502

Another client, served at the same time:

    +.1   > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 101 win 509

## Not this: connect-timeout

No SYN is answered, and nobody else is served:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +1.02 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +2.02 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +4.03 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>

## Not this: handshake-incomplete

The SYN-ACK is repeated, but the client never acknowledged it:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +0    < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +1.02 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +2.05 < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength, is_answer, is_lone_refusal


def signature(facts: Facts) -> Claim | None:
    """A handshake whose last step the server refused or ignored."""
    if facts.icmp:
        return None
    if is_lone_refusal(facts) and facts.resetter == 2:
        return Claim("server", "refusal-alone", Strength.FAINT)
    served_around = facts.served_others and facts.served_after
    if facts.reset_answers_syn and facts.reset_ttl_of_windows and served_around:
        # Windows refuses the SYN itself when the queue is full.
        return Claim("server", "syn-refused-others-served", Strength.POSSIBLE)
    if facts.resetter == 2:
        if not is_answer(facts) or facts.resetter_closed or facts.server_data:
            return None
        in_time = facts.reset_answers_handshake and not facts.handshake_expired
        if facts.syn_ack_repeated_after_ack and not in_time:
            if facts.served_others:
                return Claim("server", "ignored-then-reset-served", Strength.STRONG)
            return Claim("server", "ignored-then-reset", Strength.POSSIBLE)
        if not facts.reset_answers_handshake:
            if facts.server_silent and facts.other_repeated:
                return Claim("server", "nothing-confirmed", Strength.POSSIBLE)
            return None
        if facts.answered_unsent:
            return Claim("server", "bad-ack-refused", Strength.FAINT)
        if facts.syn_ack_repeated and facts.handshake_expired:
            return Claim("server", "refused-after-repeats", Strength.POSSIBLE)
        if facts.listener_gone:
            return Claim("server", "refused-listener-gone", Strength.FAINT)
        if facts.listener_goes_on:
            return Claim("server", "refused-listener-goes-on", Strength.LIKELY)
        return Claim("server", "handshake-refused", Strength.LIKELY)
    if facts.resetter:
        return None
    if facts.waiting_syn and not facts.syn_ack:
        if facts.served_others and not facts.syn_repeated:
            # No kernel's connect(), or the end of the capture.
            return Claim("server", "one-syn-others-served", Strength.POSSIBLE)
        if facts.served_others:
            return Claim("server", "syn-ignored-others-served", Strength.LIKELY)
        return Claim("server", "syn-ignored", Strength.FAINT)
    if facts.syn_ack_repeated_after_ack and not facts.server_data:
        if facts.served_others:
            return Claim("server", "last-ack-ignored-served", Strength.STRONG)
        return Claim("server", "last-ack-ignored", Strength.POSSIBLE)
    return None


def tell(story: Story) -> str:
    """Say that the queue was full."""
    return (
        "The server's kernel did not take the connection: the queue of its"
        " listener was full, since the program did not accept fast enough."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the client's attempt and the server's refusal or silence."""
    what = "the handshake's last step" if story.server.syn_acks else "the SYN itself"
    return (
        exhibit(story.client.syn, "the client's SYN")
        + exhibit(story.server.syn, "the server's SYN-ACK")
        + exhibit(story.client.last_repeat, "the client repeats itself in vain")
        + exhibit(story.reset_seen, f"the server refuses {what}")
    )


def saw(story: Story) -> dict[str, str]:
    """The client waits, times out or is reset; the server's program is late."""
    client = "connect: ETIMEDOUT" if story.reset is None else "connect: ECONNREFUSED"
    if story.server.syn_acks:
        client = "connect returned 0; then nothing answered"
        if story.reset is not None:
            client = "connect returned 0, then ECONNRESET"
    return {
        "client": client,
        "server": "nothing: accept was never offered it",
    }


ENDING = Ending(
    slug="accept-queue-overflow",
    title="Accept queue full",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Accept faster; raise listen()'s backlog and net.core.somaxconn.",
    settle_it="On the server: nstat TcpExtListenOverflows; ss -ltn Recv-Q.",
    references=("Linux tcp_minisocks.c:tcp_check_req", "listen(2)"),
    kernel_reasons=("INVALID_SYN",),
    kind="refused",
    mistaken_for=(
        "connect-timeout",
        "listener-closed",
        "handshake-incomplete",
        "peer-lost-state",
        "retransmission-timeout",
    ),
)
