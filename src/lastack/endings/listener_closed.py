"""The server's listener closed while the connection waited to be accepted.

## What happened

The server's kernel had completed the handshake, and perhaps taken in a request,
but the program never called accept(). When its listener closed, or its process
ended, the kernel reset everything that still waited in the accept queue (Linux
`inet_csk_listen_stop`). With SO_REUSEPORT each worker has a listener and a
queue of its own, so a rolling restart does this while other workers go on
serving.

The client's connect() had returned 0, and its send() as well; then it got
ECONNRESET. No program of the server ever knew of the connection, so nothing of
the request was done.

## How it is told

A reset from a live socket, RST and ACK with an open window, by a server that
never sent an octet of data. Several of them from one port in the same
millisecond are one listener's end. A single one may as well be a program that
accepted and aborted (linger-zero), or closed without reading the request
(unread-data-at-close): the packets are the same, unless the request filled much
of the window; close() would open it again in the reset, and here it stays low.
When a process dies, the same millisecond shows FINs on its idle connections,
resets on those with unread data and on those never accepted.

A handshake that is still in progress has no socket yet: the client's last ACK
is answered by a bare reset. The packets of a full accept queue with
tcp_abort_on_overflow are the same; there the listener lives on. Afterwards, new
SYNs are refused (connection-refused), unless another listener serves the port.

## What to do

Before closing a listener, have the balancer stop sending, then accept until the
queue is empty; or hand the listening socket over to the new process. With
SO_REUSEPORT, net.ipv4.tcp_migrate_req = 1 moves what waits to another listener.
A client may safely repeat its request: nobody read it.

## Example

Two clients are reset within a fraction of a millisecond:

    +0     > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01   < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0     > . 1:1(0) ack 1 win 502
    +0     > P. 1:101(100) ack 1 win 502
    +.01   < . 1:1(0) ack 101 win 509
    +.98   < R. 1:1(0) ack 101 win 509

The second one has said nothing yet:

    +.2    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01   < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0     > . 1:1(0) ack 1 win 502
    +.7901 < R. 1:1(0) ack 1 win 509

## Not this: linger-zero

The server had accepted the connection, for it answered:

    +0     > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01   < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0     > . 1:1(0) ack 1 win 502
    +0     > P. 1:101(100) ack 1 win 502
    +.01   < P. 1:301(300) ack 101 win 509
    +0     > . 101:101(0) ack 301 win 501
    +.02   < R. 301:301(0) ack 101 win 509

## Not this: accept-queue-overflow

The server's SYN-ACK comes again although the client has acknowledged it and
sends data, and at last the client is refused:

    +0     > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01   < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0     > . 1:1(0) ack 1 win 502
    +.01   > P. 1:101(100) ack 1 win 502
    +1     < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0     > . 101:101(0) ack 1 win 502
    +1.2   > P. 1:101(100) ack 1 win 502
    +.01   < R 1:1(0) win 0 {id 0}

while another client of the same port is served:

    .5     > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01   < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0     > . 1:1(0) ack 1 win 502

A bare reset that answers the last ACK at once may be either.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import (
    Claim,
    Ending,
    Strength,
    is_answer,
    is_answer_behind_a_lost_reset,
    is_from_socket,
    is_keepalive,
    is_lone_refusal,
    unseen_side,
)


def signature(facts: Facts) -> Claim | None:
    """A reset by a server that has sent nothing but its SYN-ACK."""
    if unseen_side(facts) == 2:
        return Claim("server", "unseen", Strength.FAINT)
    if is_lone_refusal(facts) and facts.resetter == 2:
        return Claim("server", "refusal-alone", Strength.FAINT)
    if (
        is_answer_behind_a_lost_reset(facts)
        and facts.resetter == 2
        and not facts.resetter_sent_data
    ):
        return Claim("server", "own-reset-lost", Strength.FAINT)
    if facts.sender_unknown and facts.resetter == 2 and is_from_socket(facts):
        return Claim("server", "beginning-not-seen", Strength.POSSIBLE)
    if facts.resetter != 2 or facts.resetter_sent_data or facts.resetter_closed:
        return None
    if not (facts.syn_ack or (facts.loss and facts.syn)) or is_keepalive(facts):
        return None
    if facts.answered_unsent:
        return None
    if is_answer(facts) and facts.reset_answers_handshake:
        if facts.syn_ack_repeated and facts.handshake_expired:
            return Claim("server", "refused-after-repeats", Strength.FAINT)
        if facts.listener_gone:
            return Claim("server", "refused-listener-gone", Strength.STRONG)
        if facts.listener_goes_on:
            return Claim("server", "refused-listener-goes-on", Strength.POSSIBLE)
        return Claim("server", "handshake-refused", Strength.POSSIBLE)
    if not is_from_socket(facts) or facts.reset_window_doubled:
        return None
    if facts.reset_together:
        return Claim("server", "resets-together", Strength.STRONG)
    if facts.served_after:
        # Its listener, or the next one, goes on; a busy server resets one by one.
        if facts.resetter_got_data:
            return Claim("server", "never-answered-goes-on", Strength.FAINT)
        return Claim("server", "nothing-exchanged-goes-on", Strength.FAINT)
    if facts.reset_at_once:
        # It would have had to close in the very moment of the handshake.
        return Claim("server", "at-once", Strength.FAINT)
    if facts.reset_window_stays:
        return Claim("server", "window-stays", Strength.LIKELY)
    if not facts.resetter_got_data:
        return Claim("server", "nothing-exchanged", Strength.POSSIBLE)
    return Claim("server", "never-answered", Strength.FAINT)


def tell(story: Story) -> str:
    """Say that nobody accepted the connection."""
    return (
        "The server closed its listener, or its process ended, while the"
        " connection still waited to be accepted."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the handshake's answer and the reset."""
    return exhibit(
        story.server.syn, "the server's kernel completes the handshake"
    ) + exhibit(story.reset_seen, "the server never sent data, and resets")


def saw(story: Story) -> dict[str, str]:
    """The client was reset; no server program ever saw the connection."""
    return {"client": "connect returned 0, then ECONNRESET", "server": "nothing"}


ENDING = Ending(
    slug="listener-closed",
    title="Listener closed before accept()",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Accept until the queue is empty, then close the listener.",
    settle_it="On the server: did the process stop or restart at that moment?",
    references=("Linux inet_connection_sock.c:inet_csk_listen_stop",),
    kernel_reasons=("TCP_STATE",),
    mistaken_for=("linger-zero", "unread-data-at-close", "accept-queue-overflow"),
)
