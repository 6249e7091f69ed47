"""One side closed; the other acknowledged it and never closed.

## What happened

One side's program closed, or ended, and its FIN was acknowledged by the other
side's kernel. The other side's program did not close: it never read the end of
file, read it and ignored it, or lost track of the socket. So its socket stays
in CLOSE_WAIT for as long as the process lives; no timer ends that state.

On the side that closed, the socket is in FIN_WAIT_2. If its program is gone,
Linux forgets it silently after 60 s (net.ipv4.tcp_fin_timeout); if the program
holds it, having called only shutdown(SHUT_WR), it waits for ever.

## How it is told

One FIN, acknowledged, and no FIN from the other side until the capture ends.
`by` is the side that never closed. Keepalive probes prove nothing: the side in
CLOSE_WAIT answers them, and so does the memory of FIN_WAIT_2 on a host whose
process has ended.

The packets do not tell a leak from a program that is merely slow: the longer
the capture runs on after the FIN, the surer it is. A connection that waits in
the accept queue, its client gone, looks the same, and so does a half-close of
which the capture misses the end.

## What to do

In the program that did not close: when recv() returns 0, close(); release the
socket on every path that leaves the handler, exceptions included. A pool must
notice that its idle connection was closed. `ss -tanp state close-wait` names
the process; Recv-Q 1 there means that the FIN itself was never read, 0 that the
program read it and did nothing.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:301(300) ack 101 win 509
    +0    > . 101:101(0) ack 301 win 501
    +.07  > F. 101:101(0) ack 301 win 501
    +.05  < . 301:301(0) ack 102 win 509

## Not this: still-open

Nobody closed. It might go on after the capture.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:301(300) ack 101 win 509
    +0    > . 101:101(0) ack 301 win 501

## Not this: retransmission-timeout

The FIN is not acknowledged: not the server's program is late, its host or the
path is silent.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +.07  > F. 1:1(0) ack 1 win 502
    +.216 > F. 1:1(0) ack 1 win 502
    +.216 > F. 1:1(0) ack 1 win 502
    +.44  > F. 1:1(0) ack 1 win 502
    +.86  > F. 1:1(0) ack 1 win 502
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import OTHER, SIDES, Claim, Ending, Strength, is_second_half


def signature(facts: Facts) -> Claim | None:
    """One FIN only."""
    if not facts.first_closer or facts.both_closed or facts.resetter:
        return None
    by = OTHER[facts.first_closer]
    if facts.client_seen != facts.server_seen:
        # Of who is not seen nobody can say that it never closed.
        return Claim(by, "one-way", Strength.FAINT)
    if facts.rest_unseen and SIDES[facts.rest_unseen] == by:
        return Claim(by, "rest-unseen", Strength.POSSIBLE)
    if facts.waiting and facts.rest_unseen == facts.first_closer:
        # Who closed may have refused what it waits to have acknowledged.
        return Claim(by, "who-closed-is-unseen", Strength.POSSIBLE)
    if facts.fin_beyond_hole:
        # For its program that is no end of file.
        return Claim(by, "fin-beyond-a-hole", Strength.FAINT)
    if not facts.first_fin_acked:
        if facts.waiting_fin and facts.waiting == facts.first_closer:
            return Claim(by, "fin-not-acknowledged", Strength.FAINT)
        return Claim(by, "acknowledgement-not-seen", Strength.POSSIBLE)
    if is_second_half(facts):
        return Claim(by, "in-the-middle", Strength.POSSIBLE)
    if facts.octets_unseen and SIDES[facts.octets_unseen] == by:
        # It counts octets as sent that are not here: a FIN may be the last.
        return Claim(by, "its-last-octets-unseen", Strength.POSSIBLE)
    if facts.waiting and SIDES[facts.waiting] == by and facts.repeated_once:
        return Claim(by, "it-repeats-in-vain", Strength.FAINT)
    if facts.fin_just_acked:
        # Its program was given no time to close.
        return Claim(by, "acknowledged-just-now", Strength.LIKELY)
    return Claim(by, "acknowledged", Strength.STRONG)


def tell(story: Story) -> str:
    """Say who never closed."""
    fin = story.other.fin
    if fin is not None and story.other.ack > fin.ack:
        return (
            f"The {story.other_name} shut down its sending side, and the"
            f" {story.actor_name} went on sending: a half-closed connection was"
            " still in use when the capture ended."
        )
    return (
        f"The {story.other_name} closed; the {story.actor_name}'s kernel"
        f" acknowledged it, but the {story.actor_name}'s program had not closed"
        " when the capture ended."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the FIN and the last word of the side that stays."""
    return story.fin_exhibit(
        story.other_name, f"the {story.other_name}'s FIN"
    ) + exhibit(story.actor.last, f"the last segment of the {story.actor_name}: no FIN")


def saw(story: Story) -> dict[str, str]:
    """The one in CLOSE_WAIT could read an end of file."""
    return story.saw("EOF, if it reads", "close returned 0")


ENDING = Ending(
    slug="fin-unanswered",
    title="Never closed (CLOSE_WAIT)",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Close the socket when recv() returns 0.",
    settle_it="On the side that stays: ss -tanp state close-wait names the process.",
    references=("RFC 9293 3.6",),
    kind="silence",
    mistaken_for=("half-close", "still-open", "retransmission-timeout"),
)
