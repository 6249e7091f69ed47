"""A program closed, or died, while data that it had received was still unread.

## What happened

One side's program called close(), or its process ended, with octets of the
other side still in its receive queue. Its kernel may not pretend that all was
well: instead of a FIN it sent a reset, at once (RFC 2525 2.17, RFC 1122
4.2.2.13; Linux `__tcp_close`). One octet is enough; so is data that was only
looked at with MSG_PEEK, an urgent octet taken with MSG_OOB, or what arrived
after shutdown(SHUT_RD), which on Linux throws nothing away. A FIN that waits
unread does not count.

The resetting side's close() returned 0. The other side's program read what was
queued before the reset, then got ECONNRESET once, and EPIPE from send(). What
the resetting side had sent just before may be lost on its way to that program:
so a server's early "413" or "401" turns into "connection reset by peer".

## How it is told

The reset comes from a live socket: RST and ACK, an open window, a sequence
number where its sender's data ends, an IP ID that continues its sender's count,
timestamps if the connection has them. That says abort, not why. One thing
proves unread data: closing empties the receive queue first. A window in the
reset that is at least twice the last one announced was full of unread octets; a
program that had read them would have announced it before.

A reset that acknowledges octets for the first time says that they came within
the 40 ms of a delayed acknowledgement. From a side that only receives this
speaks for unread data, since there Linux acknowledges when the program reads.
In a dialogue it does not: a client that reads the answer and aborts at once
sends the same reset.

With little data in the queue the packets are those of SO_LINGER zero and of a
destroyed socket, and of a listener that closed if the server never sent an
octet; a request that was never answered speaks for unread data. Only the host's
counters decide. Who answers and resets in one go, an early refusal or a TLS
alert, has most likely read a part only. A window that was low and stays as low
excludes close() altogether (socket-destroyed). FreeBSD sends a FIN here, and
resets what comes after it (data-after-close); macOS leaves out the timestamps;
illumos leaves out the ACK.

## What to do

Read to the end of file before close(); or shutdown(SHUT_WR), read on until end
of file or a deadline, then close (`lastack.closing.close_gracefully`). A server
that refuses an upload must drain it for a while (lingering close, RFC 9112
9.6). On the host, `nstat -az TcpExtTCPAbortOnClose` counts these resets.

## Example

The server never reads what the client uploads, and is killed:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:29201(29200) ack 1 win 502
    +.01  < . 1:1(0) ack 29201 win 281
    +0    > P. 29201:58401(29200) ack 1 win 502
    +.05  < . 1:1(0) ack 58401 win 53
    +.46  < R. 1:1(0) ack 58401 win 509

## Not this: linger-zero

The server reads it, as its window shows, answers, and aborts all the same:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:29201(29200) ack 1 win 502
    +.01  < . 1:1(0) ack 29201 win 281
    +.02  < . 1:1(0) ack 29201 win 509
    +0    < P. 1:201(200) ack 29201 win 509
    +0    > . 29201:29201(0) ack 201 win 501
    +.1   < R. 201:201(0) ack 29201 win 509
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import (
    SIDES,
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
    """A socket's reset from a side that had received data."""
    if unseen_side(facts):
        return Claim(SIDES[unseen_side(facts)], "unseen", Strength.FAINT)
    if (
        is_answer(facts)
        and facts.resetter_closed
        and facts.reset_answers_ack
        and facts.resetter_got_data
    ):
        # Its own reset behind the FIN may be lost; the next ones answer.
        return Claim(SIDES[facts.resetter], "own-reset-not-seen", Strength.POSSIBLE)
    if is_answer_behind_a_lost_reset(facts) or is_lone_refusal(facts):
        return Claim(SIDES[facts.resetter], "own-reset-lost", Strength.FAINT)
    if not is_from_socket(facts) or is_keepalive(facts):
        return None
    if facts.sender_unknown:
        return Claim(SIDES[facts.resetter], "beginning-not-seen", Strength.LIKELY)
    if not facts.resetter_got_data:
        if facts.other_unknown or not (facts.syn or facts.syn_ack):
            # What it had received may have come before the capture, or unseen.
            return Claim(SIDES[facts.resetter], "data-not-seen", Strength.RATHER)
        return None
    by = SIDES[facts.resetter]
    if facts.reset_window_doubled:
        if facts.prober_overdue > 1:
            return Claim(by, "window-doubled-behind-a-silence", Strength.RATHER)
        if facts.prober_overdue:
            # The writer may have given up before.
            return Claim(by, "window-doubled-behind-a-pause", Strength.LIKELY)
        if facts.reset_ip_id_skips:
            # A segment before it is missing here, perhaps the window's update.
            return Claim(by, "window-doubled-behind-a-gap", Strength.LIKELY)
        return Claim(by, "window-doubled", Strength.PROVEN)
    if facts.reset_window_stays:
        return Claim(by, "window-stays", Strength.FAINT)
    if facts.reset_acks_new_data and not facts.other_unknown:
        if facts.resetter == 2 and not facts.resetter_sent_data:
            # Perhaps nobody accepted it; the kernel queues and acknowledges.
            return Claim(by, "never-acknowledged-never-answered", Strength.RATHER)
        if facts.resetter_sent_data:
            # In a dialogue Linux acknowledges late what was read, as well.
            return Claim(by, "unacknowledged-in-a-dialogue", Strength.LIKELY)
        return Claim(by, "data-never-acknowledged", Strength.RATHER)
    if facts.queue_was_read:
        return Claim(by, "queue-was-read", Strength.FAINT)
    if facts.resetter_closed:
        if facts.fin_just_sent:
            # shutdown(SHUT_WR) and close() in one go, as many libraries do.
            return Claim(by, "in-one-go-with-fin", Strength.RATHER)
        return Claim(by, "after-own-fin", Strength.POSSIBLE)
    if facts.resetter == 2 and not facts.resetter_sent_data:
        return Claim(by, "never-answered", Strength.LIKELY)
    if facts.data_unanswered:
        return Claim(by, "data-unanswered", Strength.LIKELY)
    if facts.answered_at_once:
        # An early refusal, a TLS alert: who sends one wants it to arrive.
        return Claim(by, "answered-at-once", Strength.RATHER)
    return Claim(by, "data-answered", Strength.FAINT)


def tell(story: Story) -> str:
    """Say who closed with data unread."""
    return (
        f"The {story.actor_name} reset the connection: it closed its socket, or"
        " its process ended, while data that it had received was still unread."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the data and the reset."""
    reset = story.reset
    says = f"the {story.actor_name}'s live socket resets, unprompted"
    if reset is not None:
        before = reset.window_before
        now = reset.segment.window
        if 0 <= 2 * before <= now:
            says = (
                f"the reset's window is {now}, the last one announced was"
                f" {before}: close() emptied an unread queue"
            )
        elif reset.ack_ahead > 0:
            says = (
                f"the reset acknowledges {reset.ack_ahead} bytes that the"
                f" {story.actor_name} had never acknowledged before"
            )
    proof = exhibit(story.other.data, f"the last data of the {story.other_name}")
    proof += exhibit(story.actor.fin, f"the {story.actor_name} shuts its side down")
    return proof + exhibit(story.reset_seen, says)


def saw(story: Story) -> dict[str, str]:
    """The closer noticed nothing; the other was reset."""
    return story.saw("close returned 0", story.reset_peer_saw)


ENDING = Ending(
    slug="unread-data-at-close",
    title="Closed with unread data",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy=(
        "Read to end of file before close(), or shutdown(SHUT_WR), drain within a"
        " time limit, then close."
    ),
    settle_it=(
        "On the resetting host: nstat TCPAbortOnClose moves for unread data,"
        " TCPAbortOnData for SO_LINGER 0."
    ),
    references=("RFC 2525 2.17", "RFC 1122 4.2.2.13", "Linux tcp.c:__tcp_close"),
    kernel_reasons=("TCP_ABORT_ON_CLOSE",),
    mistaken_for=(
        "linger-zero",
        "socket-destroyed",
        "listener-closed",
        "orphan-limit",
        "zero-window-stall",
    ),
)
