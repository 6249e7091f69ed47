"""An administrator, or a call other than close(), destroyed the socket.

## What happened

`ss -K` (SOCK_DESTROY), Android's netd when the network changes, a failover
script or a BPF program told the kernel of one side to abort a live connection
(Linux `tcp_abort`); or its own program called connect() with AF_UNSPEC on it
(`tcp_disconnect`). The kernel sent a reset. After `ss -K` the next call of the
program that owned the socket fails with ECONNABORTED. The other side's program
read what was queued, then got ECONNRESET, and EPIPE from send().

Linux does this to sockets that are established, half-closed or waiting for
their peer to close. A socket in TIME_WAIT, and a handshake which is not
complete, are forgotten without a packet. A listener that is destroyed takes the
connections of its accept queue with it (listener-closed).

## How it is told

A reset from a live socket, RST and ACK, an open window, a sequence number where
its sender's data ends: in most captures every field is that of SO_LINGER zero.
Then this verdict is only listed beside linger-zero, with small odds, since far
fewer connections are destroyed than aborted by their programs.

One thing tells them apart. close() empties the receive queue before the reset,
so that its window is wide open again, whether SO_LINGER or unread data is the
reason. Here the queue is left as it is: if it holds much, the window of the
reset is as low as the one announced before. On Linux that excludes close().

A window that jumps up in the reset, and octets that it acknowledges for the
first time, speak for unread data; probes at equal intervals before it for
keepalive-timeout; a FIN of the same side in the same millisecond for
orphan-limit.

## What to do

Ask on the resetting host. ECONNABORTED is returned there by nothing else. The
kernel's reason is TCP_STATE and no TCPAbort counter moved, while SO_LINGER zero
moves TCPAbortOnData. Then find who did it: a connection killer in a failover
script, netd, an operator. In the program, use close() instead of AF_UNSPEC.

## Example

The server's program is slow to read an upload when its socket is killed:

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

## Not this: unread-data-at-close

The same, but the program is killed: close() empties the queue.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +.02  > P. 101:29301(29200) ack 201 win 501
    +.01  < . 201:201(0) ack 29301 win 281
    +0    > P. 29301:58501(29200) ack 201 win 501
    +.05  < . 201:201(0) ack 58501 win 53
    +.46  < R. 201:201(0) ack 58501 win 509

## Not this: linger-zero

Nothing is queued, so nothing tells; what happens more often comes first.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:301(300) ack 101 win 509
    +0    > . 101:101(0) ack 301 win 501
    +7.3  < R. 301:301(0) ack 101 win 509
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
    unseen_side,
)


def signature(facts: Facts) -> Claim | None:
    """Any socket's reset that no evidence of the packets explains."""
    if unseen_side(facts):
        return Claim(SIDES[unseen_side(facts)], "unseen", Strength.HARDLY)
    if is_answer_behind_a_lost_reset(facts):
        return Claim(SIDES[facts.resetter], "own-reset-lost", Strength.HARDLY)
    if not is_from_socket(facts) or is_keepalive(facts):
        return None
    if facts.reset_window_doubled or facts.fin_just_sent:
        return None
    by = SIDES[facts.resetter]
    if facts.resetter_got_data and facts.reset_acks_new_data:
        return Claim(by, "data-never-acknowledged", Strength.HARDLY)
    if facts.reset_window_stays:
        # close() empties the receive queue first, and its reset says so.
        if facts.resetter == 2 and not facts.resetter_sent_data:
            return Claim(by, "window-stays-never-answered", Strength.POSSIBLE)
        return Claim(by, "window-stays", Strength.LIKELY)
    if facts.resetter_closed:
        return Claim(by, "after-own-fin", Strength.FAINT)
    if facts.resetter_got_data and facts.data_unanswered:
        return Claim(by, "data-unanswered", Strength.FAINT)
    return Claim(by, "unprompted", Strength.FAINT)


def tell(story: Story) -> str:
    """Say whose socket was destroyed."""
    return (
        f"The {story.actor_name}'s socket was destroyed from outside its program"
        " (ss -K or the like), and its kernel sent a reset."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the reset."""
    return exhibit(
        story.reset_seen, f"the {story.actor_name}'s live socket resets, unprompted"
    )


def saw(story: Story) -> dict[str, str]:
    """The destroyed side's calls fail; the other was reset."""
    return story.saw("ECONNABORTED, then EPIPE", "ECONNRESET, then EPIPE")


ENDING = Ending(
    slug="socket-destroyed",
    title="Socket destroyed from outside",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Find who destroys sockets on that host: ss -K, netd, a failover script.",
    settle_it=(
        "On the resetting host: the program saw ECONNABORTED, and no TCPAbort"
        " counter moved."
    ),
    references=("Linux tcp.c:tcp_abort", "ss(8) -K"),
    kernel_reasons=("TCP_STATE", "TCP_DISCONNECT_WITH_DATA"),
    mistaken_for=("linger-zero", "unread-data-at-close"),
)
