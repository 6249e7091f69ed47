"""No sign of an end: the capture stops while the connection goes on.

## What happened

The capture holds a handshake or data, and neither a FIN, nor a reset, nor a
silence that would mean one: the last data was acknowledged, nobody waits for
anything. Most likely the connection went on after the capture had ended.

An idle connection sends nothing. So a peer that lost power, a path that was
cut, a NAT that forgot the flow, a process that was moved away by TCP_REPAIR all
look like this, for as long as nobody writes and no keepalive asks. They show
themselves with the next segment: by retransmissions, or by a reset.

## How it is told

By what is missing. A segment or two that had not been acknowledged when the
capture ended do not count yet: an answer takes a round trip, and a delayed
acknowledgement 40 ms more. A challenge does not end a connection either: a
reset with a wrong sequence number, or a SYN in the middle, is answered by a
bare acknowledgement (RFC 5961), and the data goes on.

A handshake alone, without any data, is a client that has not spoken yet, or
whose data never got this far.

## What to do

Nothing; or capture for longer. If a program hangs on such a connection, look at
its socket on both hosts with `ss -tanoi`: one of them may no longer know it.
Keepalive, or a heartbeat in the protocol, finds that out by itself.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 101 win 509
    +.03  < P. 1:301(300) ack 101 win 509
    +0    > . 101:101(0) ack 301 win 501
    +5    > P. 101:201(100) ack 301 win 501
    +.01  < P. 301:601(300) ack 201 win 509
    +.04  > . 201:201(0) ack 601 win 501

## Not this: retransmission-timeout

The client's second request is repeated at growing intervals, and nothing
comes back:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:301(300) ack 101 win 509
    +0    > . 101:101(0) ack 301 win 501
    +5    > P. 101:201(100) ack 301 win 501
    +.21  > P. 101:201(100) ack 301 win 501
    +.22  > P. 101:201(100) ack 301 win 501
    +.44  > P. 101:201(100) ack 301 win 501
    +.88  > P. 101:201(100) ack 301 win 501

## Not this: fin-unanswered

The server closed, and the client has not:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:301(300) ack 101 win 509
    +0    > . 101:101(0) ack 301 win 501
    +5    < F. 301:301(0) ack 101 win 509
    +.04  > . 101:101(0) ack 302 win 501
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """Neither FIN nor reset."""
    if facts.both_closed or facts.resetter:
        return None
    if facts.first_closer:
        if facts.fin_beyond_hole:
            return Claim("none", "fin-beyond-a-hole", Strength.LIKELY)
        if facts.fin_just_acked:
            return Claim("none", "half-closed-just-now", Strength.POSSIBLE)
        return Claim("none", "half-closed", Strength.POSSIBLE)
    if facts.only_acks:
        return Claim("none", "only-acks", Strength.RATHER)
    if facts.stale:
        return Claim("none", "replaced", Strength.FAINT)
    one_way = facts.client_seen != facts.server_seen or facts.rest_unseen
    if facts.established and one_way:
        # Who is not seen may have ended it.
        return Claim("none", "one-way-and-waiting", Strength.POSSIBLE)
    if facts.zero_window:
        return Claim("none", "window-closed", Strength.POSSIBLE)
    if facts.repeats_though_acked and facts.waiting in {0, facts.repeats_though_acked}:
        if facts.acked_repeats_often:
            return Claim("none", "repeats-though-acknowledged-often", Strength.FAINT)
        return Claim("none", "repeats-though-acknowledged", Strength.LIKELY)
    if facts.waiting:
        if facts.waiting_syn and facts.hidden:
            return Claim("none", "answer-hidden", Strength.POSSIBLE)
        if facts.repeated_often:
            return Claim("none", "waiting-often", Strength.FAINT)
        if facts.repeated_once:
            return Claim("none", "waiting", Strength.POSSIBLE)
        if facts.waiting_syn and facts.gave_up:
            return Claim("none", "lone-syn-given-up", Strength.FAINT)
        if facts.waiting_syn_ack and facts.hidden and not facts.syn_ack_repeated:
            return Claim("none", "handshake-hidden", Strength.LIKELY)
        return Claim("none", "just-sent", Strength.LIKELY)
    if not facts.established:
        return Claim("none", "handshake", Strength.POSSIBLE)
    if facts.syn_ack_repeated_after_ack and not facts.server_data:
        return Claim("none", "handshake-in-doubt", Strength.FAINT)
    if facts.client_seen and facts.server_seen:
        return Claim("none", "both-spoke", Strength.STRONG)
    return Claim("none", "one-way", Strength.POSSIBLE)


def tell(story: Story) -> str:
    """Say that it goes on."""
    if (story.client.fins > 0) != (story.server.fins > 0):
        closed = "client" if story.client.fins else "server"
        other = "server" if story.client.fins else "client"
        return (
            f"The connection was still open when the capture ended: the {closed} had"
            f" closed, and the {other} not yet."
        )
    return "The connection was still open when the capture ended."


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the last segment."""
    last = story.client.last
    other = story.server.last
    if last is None or (other is not None and other.frame > last.frame):
        last = other
    return exhibit(last, "the last segment of the connection in the capture")


def saw(story: Story) -> dict[str, str]:
    """Nothing yet."""
    return {"client": "nothing yet", "server": "nothing yet"}


ENDING = Ending(
    slug="still-open",
    title="Still open",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Nothing to do.",
    settle_it="Capture for longer.",
    references=("RFC 9293 3.3.2",),
    good=True,
    kind="end",
    mistaken_for=(
        "retransmission-timeout",
        "fin-unanswered",
        "zero-window-stall",
        "connect-timeout",
        "handshake-incomplete",
        "unknown",
    ),
)
