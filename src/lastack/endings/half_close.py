"""One side stopped sending, and still read what the other sent afterwards.

## What happened

One side's program called shutdown(SHUT_WR): its FIN says "no more from me",
and nothing about what it still wants to read. The other side read the end of
file and went on sending; the data was accepted, and in the end it closed as
well. TCP allows it for any length of time (RFC 9293 3.6, RFC 1122 4.2.2.13);
`nc -N`, SSH, rsync over a pipe and HTTP clients that send one request use it.

The side that stopped sending read the rest and then an end of file; a send()
of its own would have failed with EPIPE. The other side's program saw only an
end of file: recv() returned 0, and send() went on working.

## How it is told

A FIN, then new data from the other side which that FIN had not acknowledged,
then acknowledgements of this data, and the second FIN. The acknowledgement is
what proves it: a kernel whose program has closed would answer the data by a
reset (data-after-close). Data that was already under way when the FIN was sent
looks nearly the same; it too was accepted. `by` is the sender of the first FIN.

## What to do

Nothing: this is a feature. What harms it is a program, proxy or NAT that takes
end of file for an abort: it closes both directions, and the answer is lost.
Linux lets a half-closed connection wait for ever while its program holds the
socket; some balancers and NATs give it only a minute.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +0    > F. 101:101(0) ack 1 win 502
    +.01  < . 1:1(0) ack 102 win 509
    +.8   < . 1:1461(1460) ack 102 win 509
    +0    < P. 1461:2001(540) ack 102 win 509
    +0    > . 102:102(0) ack 2001 win 497
    +.05  < F. 2001:2001(0) ack 102 win 509
    +0    > . 102:102(0) ack 2002 win 497

## Not this: orderly-close

The server sends no data after the client's FIN, however late it closes:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:301(300) ack 101 win 509
    +0    > . 101:101(0) ack 301 win 501
    +.1   > F. 101:101(0) ack 301 win 501
    +.05  < . 301:301(0) ack 102 win 509
    +3    < F. 301:301(0) ack 102 win 509
    +0    > . 102:102(0) ack 302 win 501

## Not this: fin-unanswered

The server, whose turn it was, never closes:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +0    > F. 101:101(0) ack 1 win 502
    +.01  < . 1:1(0) ack 102 win 509
    +.8   < P. 1:301(300) ack 102 win 509
    +.04  > . 102:102(0) ack 301 win 501
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit, octets
from lastack.ending import OTHER, SIDES, Claim, Ending, Strength, is_second_half


def signature(facts: Facts) -> Claim | None:
    """Data behind the first FIN that was acknowledged, and both FINs."""
    if is_second_half(facts) and facts.first_fin_acked and not facts.resetter:
        return Claim(OTHER[facts.first_closer], "second-half-seen", Strength.POSSIBLE)
    if not facts.both_closed or facts.resetter or not facts.late_data:
        return None
    by = SIDES[facts.first_closer]
    if facts.hidden:
        return Claim(by, "nothing-between-seen", Strength.LIKELY)
    if not facts.late_data_knew:
        return Claim(by, "data-crossed-the-fin", Strength.POSSIBLE)
    if facts.late_data_acked:
        return Claim(by, "late-data-acknowledged", Strength.PROVEN)
    return Claim(by, "late-data-not-seen-acknowledged", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say who stopped sending and how much came afterwards."""
    if story.late_octets == 0:
        return (
            f"The {story.actor_name} closed its sending side; the"
            f" {story.other_name} went on, and then closed."
        )
    return (
        f"The {story.actor_name} closed its sending side; the"
        f" {story.other_name} sent {octets(story.late_octets)} more, which"
        " were accepted, and then closed."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the first FIN, the data behind it, the second FIN."""
    return (
        story.fin_exhibit(story.actor_name, f"the {story.actor_name} stops sending")
        + exhibit(story.other.data, f"the {story.other_name} goes on")
        + story.fin_exhibit(story.other_name, f"the {story.other_name} closes too")
    )


def saw(story: Story) -> dict[str, str]:
    """The first closer read on; the other read end of file and wrote on."""
    return story.saw("the late data, then EOF", "EOF, then send returned its count")


ENDING = Ending(
    slug="half-close",
    title="Half-close, then orderly close",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Nothing to do.",
    settle_it="On the first closer: strace shows shutdown() rather than close().",
    references=("RFC 9293 3.6", "RFC 1122 4.2.2.13"),
    good=True,
    kind="end",
    mistaken_for=("orderly-close", "fin-unanswered"),
)
