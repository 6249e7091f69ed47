"""A program asked for an abort: SO_LINGER with a time of zero, then close().

## What happened

One side's program had set SO_LINGER {1, 0}. Its close(), or the end of its
process, threw away what was queued in both directions, and its kernel sent a
reset instead of a FIN (the ABORT call of RFC 9293 3.10.5; Linux `__tcp_close`,
`tcp_disconnect`). Unread data is tested for first: with some in the queue,
Linux counts the reset as unread data.

The aborting program noticed nothing. The other side's program read what was
queued before the reset, then got ECONNRESET once, and EPIPE from send(). Data
of the aborting side that was not yet acknowledged is lost.

Programs do it to avoid TIME_WAIT, in health checks, load generators and
proxies (nginx `reset_timedout_connection`), or a library does it for them.

## How it is told

A reset from a live socket: RST and ACK, an open window, a sequence number where
its sender's data ends, and nothing that it answers. If its sender had received
nothing, unread data is no explanation; if it had answered a while before,
hardly. Otherwise the packets are the same. A server's reset in the moment of
the handshake is a refusal, a FIN and a reset in one go a proxy's way to close.
A socket destroyed from outside looks the same too, unless much was unread: then
the window of the reset stays as low as it was, which close() never leaves it.
Handshake and reset of one client again and again are health checks.

An abort by macOS bears no timestamps on a connection that uses them, one by
illumos no ACK, one by Windows often a window of 0.

## What to do

Remove the option: let close() send its FIN. Where an abort is meant, for a peer
that misbehaves, say so in the log. Let health checks end with a FIN, or leave
them out of the alarms. On Linux `nstat -az TcpExtTCPAbortOnData` counts these
resets (TCPAbortOnLinger does not, its name notwithstanding).

## Example

The server reads the request, answers it, and aborts:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 101 win 509
    +.003 < P. 1:301(300) ack 101 win 509
    +0    > . 101:101(0) ack 301 win 501
    +.02  < R. 301:301(0) ack 101 win 509

## Not this: unread-data-at-close

The window of the reset is open wide, and was nearly closed before:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:29201(29200) ack 1 win 502
    +.01  < . 1:1(0) ack 29201 win 281
    +0    > P. 29201:58401(29200) ack 1 win 502
    +.05  < . 1:1(0) ack 58401 win 53
    +.46  < R. 1:1(0) ack 58401 win 509

## Not this: socket-destroyed

The window stays nearly closed: the queue is full, and nothing has emptied it.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +.02  > P. 101:29301(29200) ack 201 win 501
    +.01  < . 201:201(0) ack 29301 win 281
    +0    > P. 29301:58501(29200) ack 201 win 501
    +.05  < . 201:201(0) ack 58501 win 53
    +.46  < R. 201:201(0) ack 58501 win 53

## Not this: keepalive-timeout

Probes at equal intervals, unanswered, and the reset one interval later:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +10.2 > . 0:0(0) ack 1 win 502
    +1.02 > . 0:0(0) ack 1 win 502
    +1.02 > . 0:0(0) ack 1 win 502
    +1.02 > R. 1:1(0) ack 1 win 502
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import (
    SIDES,
    Claim,
    Ending,
    Strength,
    is_answer_behind_a_lost_reset,
    is_from_socket,
    is_keepalive,
    is_lone_refusal,
    rests_on_a_missing_segment,
    unseen_side,
)


def signature(facts: Facts) -> Claim | None:
    """A socket's reset that unread data does not explain."""
    if unseen_side(facts):
        return Claim(SIDES[unseen_side(facts)], "unseen", Strength.FAINT)
    if is_answer_behind_a_lost_reset(facts) or is_lone_refusal(facts):
        return Claim(SIDES[facts.resetter], "own-reset-lost", Strength.FAINT)
    if rests_on_a_missing_segment(facts):
        return Claim(SIDES[facts.resetter], "own-reset-not-seen", Strength.FAINT)
    if not is_from_socket(facts) or is_keepalive(facts):
        return None
    if facts.reset_window_doubled and not facts.reset_ip_id_skips:
        return None
    by = SIDES[facts.resetter]
    if facts.reset_window_doubled:
        return Claim(by, "window-doubled-behind-a-gap", Strength.POSSIBLE)
    if facts.reset_window_stays:
        return Claim(by, "window-stays", Strength.FAINT)
    if facts.resetter_closed:
        if facts.fin_just_sent:
            # shutdown(SHUT_WR), the option and close() in one go, as proxies do.
            return Claim(by, "in-one-go-with-fin", Strength.RATHER)
        return Claim(by, "after-own-fin", Strength.POSSIBLE)
    if not facts.resetter_got_data:
        if facts.resetter == 2 and not facts.resetter_sent_data:
            if facts.reset_at_once and not facts.reset_together:
                # Accepted and refused, by a proxy's rule or a limit.
                return Claim(by, "at-once", Strength.RATHER)
            if not (facts.reset_together or facts.served_after):
                # Who accepts and says nothing is rarer than a listener that closes.
                return Claim(by, "nothing-exchanged", Strength.FAINT)
            return Claim(by, "never-answered", Strength.POSSIBLE)
        return Claim(by, "nothing-received", Strength.LIKELY)
    if facts.reset_acks_new_data:
        if facts.resetter_sent_data:
            return Claim(by, "unacknowledged-in-a-dialogue", Strength.POSSIBLE)
        return Claim(by, "data-never-acknowledged", Strength.POSSIBLE)
    if facts.queue_was_read:
        return Claim(by, "queue-was-read", Strength.LIKELY)
    if facts.data_unanswered:
        return Claim(by, "data-unanswered", Strength.POSSIBLE)
    if facts.answered_at_once:
        return Claim(by, "answered-at-once", Strength.POSSIBLE)
    return Claim(by, "data-answered", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say who aborted."""
    return (
        f"The {story.actor_name}'s program aborted the connection: SO_LINGER of"
        " zero and close(), or a call that does the same."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show what came last, and the reset."""
    says = f"the {story.actor_name}'s live socket resets, unprompted"
    proof = exhibit(story.actor.data, f"the last data of the {story.actor_name}")
    proof += exhibit(story.actor.fin, f"the {story.actor_name} shuts its side down")
    return proof + exhibit(story.reset_seen, says)


def saw(story: Story) -> dict[str, str]:
    """The aborter noticed nothing; the other was reset."""
    return story.saw("close returned 0", story.reset_peer_saw)


ENDING = Ending(
    slug="linger-zero",
    title="Aborted by the program (SO_LINGER 0)",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Remove SO_LINGER {1, 0} where the peer still wants the data or an EOF.",
    settle_it=(
        "On the resetting host: nstat TCPAbortOnData moves for SO_LINGER 0,"
        " TCPAbortOnClose for unread data; strace shows setsockopt(SO_LINGER)."
    ),
    references=("RFC 9293 3.10.5", "Linux tcp.c:__tcp_close, tcp_disconnect"),
    kernel_reasons=("TCP_STATE",),
    mistaken_for=(
        "unread-data-at-close",
        "socket-destroyed",
        "listener-closed",
        "orphan-limit",
        "injected-reset",
        "keepalive-timeout",
    ),
)
