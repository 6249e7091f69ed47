"""The kernel would not keep a closed socket, and reset it behind its own FIN.

## What happened

One side's program closed, and its kernel was to finish the connection alone.
Such an orphan costs memory for up to minutes, so there are limits, and one of
them was reached (Linux `__tcp_close`, `tcp_check_oom`, `tcp_out_of_resources`):

- There were more orphans than net.ipv4.tcp_max_orphans, or TCP used more memory
  than net.ipv4.tcp_mem allows. The kernel sent the FIN and at once a reset.
- The program had set TCP_LINGER2 below zero, which says "do not keep
  FIN_WAIT_2": the kernel reset when the FIN was acknowledged.

The closing program noticed nothing. The other side's program reads the data,
then an end of file, with no error, for on Linux a reset behind a FIN never
makes recv() fail; its send() fails with EPIPE. Data of the closing side which
was not yet acknowledged may be lost.

## How it is told

A FIN and, within a millisecond, a reset one octet behind it: RST and ACK, an
open window, before the FIN can have been acknowledged. With TCP_LINGER2 below
zero: a bare reset, window 0, as answer to the mere acknowledgement of the FIN,
where nothing else of the other side had come.

Programs that call shutdown(SHUT_WR) and close() in one go, with data unread or
with SO_LINGER zero, as proxies do when a time limit is over, leave the packets
of the limits, and are far more usual.

A reset that follows the own FIN by a round trip or more, unprompted, is more
often unread data after shutdown(SHUT_WR), or SO_LINGER zero; TCP_LINGER2 below
zero does that too, when the program closes in FIN_WAIT_2. A reset that answers
data is data-after-close.

## What to do

Look for a leak of half-closed connections on that host: `ss -tan state
fin-wait-1` and `state last-ack` show the orphans, with peers that do not
answer or do not read. Then raise tcp_max_orphans or tcp_mem. Do not set
TCP_LINGER2 below zero. The kernel's log says "too many orphaned sockets" or
"out of memory"; `nstat -az TcpExtTCPAbortOnMemory TcpExtTCPAbortOnLinger`
counts them.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 101 win 509
    +.435 > F. 101:101(0) ack 1 win 502
    +.05  < . 1:1(0) ack 102 win 509
    +0    > R 102:102(0) win 0 {id 0}

## Not this: linger-zero

FIN and reset in one go: a proxy's time limit is over.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +.435 > F. 1:1(0) ack 1 win 502
    +.00006 > R. 2:2(0) ack 1 win 502

## Not this: unread-data-at-close

The client called shutdown(SHUT_WR), let the answer fill its queue, and closed:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > F. 1:1(0) ack 1 win 502
    +.01  < P. 1:58401(58400) ack 2 win 509
    +.04  > . 2:2(0) ack 58401 win 46
    +2    > R. 2:2(0) ack 58401 win 502

## Not this: data-after-close

What is refused is data, not the acknowledgement of the FIN:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +.1   > F. 101:101(0) ack 201 win 501
    +.05  < . 201:201(0) ack 102 win 509
    +1    < P. 201:301(100) ack 102 win 509
    +0    > R 102:102(0) win 0 {id 0}
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import (
    SIDES,
    Claim,
    Ending,
    Strength,
    is_answer,
    is_bare_abort,
    is_from_socket,
    rests_on_a_missing_segment,
)


def signature(facts: Facts) -> Claim | None:
    """A reset of one's own FIN."""
    if not facts.resetter_closed:
        return None
    by = SIDES[facts.resetter]
    if is_bare_abort(facts):
        return Claim(by, "bare-after-own-fin", Strength.FAINT)
    if not facts.reset_has_ack and not is_answer(facts):
        if facts.reset_may_answer and facts.other_knew_fin and not facts.late_data:
            return Claim(by, "may-be-an-answer", Strength.LIKELY)
        return Claim(by, "offence-not-seen", Strength.POSSIBLE)
    if is_answer(facts):
        if facts.reset_answers_ack and facts.other_knew_fin and not facts.late_data:
            if rests_on_a_missing_segment(facts):
                return Claim(by, "ack-of-fin-then-something", Strength.POSSIBLE)
            if not (facts.syn or facts.syn_ack):
                return Claim(by, "ack-of-fin-refused-middle", Strength.POSSIBLE)
            if facts.resetter_got_data:
                return Claim(by, "ack-of-fin-refused", Strength.LIKELY)
            return Claim(by, "ack-refused-nothing-received", Strength.STRONG)
        return None
    if not is_from_socket(facts):
        return None
    if facts.fin_just_sent and not facts.other_knew_fin:
        # A program may send both in one go as well, and there are more of these.
        return Claim(by, "in-one-go-with-fin", Strength.POSSIBLE)
    if not facts.other_knew_fin:
        return None
    return Claim(by, "after-own-fin", Strength.FAINT)


def tell(story: Story) -> str:
    """Say that the kernel dropped the orphan."""
    return (
        f"The {story.actor_name} closed, and its kernel at once dropped the"
        " orphaned socket with a reset: too many orphans, too little TCP memory,"
        " or TCP_LINGER2 below zero."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the FIN and the reset behind it."""
    return story.fin_exhibit(
        story.actor_name, f"the {story.actor_name}'s FIN"
    ) + exhibit(story.reset_seen, "its own kernel resets behind it")


def saw(story: Story) -> dict[str, str]:
    """The closer noticed nothing; the other read an end, then an error."""
    return story.saw("close returned 0", "EOF, then EPIPE")


ENDING = Ending(
    slug="orphan-limit",
    title="Orphan dropped by its kernel",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Raise tcp_max_orphans or tcp_mem, and find the leak of closed sockets.",
    settle_it=(
        "On the closing host: nstat TCPAbortOnMemory, TCPAbortOnLinger; the kernel"
        ' log says "too many orphaned sockets".'
    ),
    references=("Linux tcp.c:__tcp_close, tcp_check_oom", "tcp(7) TCP_LINGER2"),
    kernel_reasons=("TCP_ABORT_ON_MEMORY", "TCP_ABORT_ON_LINGER"),
    mistaken_for=("unread-data-at-close", "linger-zero", "data-after-close"),
)
