"""An ICMP error ended the connection, or the attempt.

## What happened

A router, a firewall or the host itself answered a segment with ICMP
"unreachable" instead of passing it on: a rule rejects, the last router finds no
such host, there is no route. What it means depends on the state (RFC 1122
4.2.3.9; Linux `tcp_v4_err`):

- On a connecting socket Linux takes it as final. connect() fails at once with
  ECONNREFUSED (port), EHOSTUNREACH (host, prohibited) or ENETUNREACH (net).
- On an established connection it is only a hint. The kernel retransmits on, and
  reports that error instead of ETIMEDOUT if it gives up in the end.

"Fragmentation needed" (code 4; in IPv6 "packet too big") is no rejection: it
makes the sender use smaller segments. The other side is told nothing.

## How it is told

The ICMP message quotes the segment that it rejects; its sender's address is the
box which did it. A SYN, the error, and no handshake after it is proof. One such
error is not always enough: Linux misses one that arrives while the socket is
busy, so the SYN comes once more. For data that is repeated in vain beside such
errors, retransmission-timeout is the ending, and this the hint at its cause.
BSD takes "host" and "net" for a hint even then, and repeats the SYN some times.

## What to do

The code says what to mend: "prohibited" is a rule on the box that signs it,
"host" the last network (the host is down, or does not answer ARP), "net" a
route, "port" a firewall that rejects so on purpose. Let firewalls pass ICMP
errors: a network that drops them turns this clear answer into a timeout.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  icmp unreachable prohibited from 203.0.113.1 [> S 0:0(0) win 64240]

## Not this: connect-timeout

Whatever drops the SYNs says nothing:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +1.02 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +2.02 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +4.03 > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>

## Not this: retransmission-timeout

The connection is established: the error is only a hint, and what ends it is
that no acknowledgement comes.

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +1    > P. 1:101(100) ack 1 win 502
    +.01  icmp unreachable host from 203.0.113.1 [> P. 1:101(100) ack 1 win 502]
    +.2   > P. 1:101(100) ack 1 win 502
    +.22  > P. 1:101(100) ack 1 win 502
    +.44  > P. 1:101(100) ack 1 win 502
    +.88  > P. 1:101(100) ack 1 win 502
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """An unreachable message, and no connection after it."""
    if facts.waiting_syn and not facts.icmp:
        if facts.resetter or facts.hidden:
            return None
        if facts.gave_up and not facts.syn_repeated:
            return Claim("path", "error-not-captured", Strength.POSSIBLE)
        if facts.error_unseen:
            # Of TCP alone, or cut short; the last router may look for its neighbour
            # for some seconds before it says that there is none.
            return Claim("path", "error-not-captured-late", Strength.POSSIBLE)
        return None
    if not facts.icmp or facts.resetter or facts.both_closed:
        return None
    if facts.waiting_syn or (facts.syn and not facts.syn_ack and not facts.established):
        return Claim("path", "syn-rejected", Strength.PROVEN)
    if facts.waiting_syn_ack and facts.icmp_about == 2:
        return Claim("path", "syn-ack-rejected", Strength.STRONG)
    if facts.waiting and facts.waiting == facts.icmp_about:
        return Claim("path", "while-waiting", Strength.POSSIBLE)
    return Claim("path", "in-between", Strength.FAINT)


def tell(story: Story) -> str:
    """Say what the ICMP message said."""
    return (
        f"{story.icmp_source()} answered with an ICMP error"
        f" ({story.icmp_text()}), which ended the connection."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the SYN or the segment in vain, and the ICMP message."""
    about = story.side(story.name(story.connection.icmp_about))
    frame = story.connection.icmp_frame
    rejected = about.syn
    for one in (about.data, about.first_repeat, about.last_repeat):
        if one is not None and one.frame < frame:
            rejected = one
    return (
        *exhibit(rejected, "rejected on its way"),
        Exhibit(story.connection.icmp_frame, f"ICMP {story.icmp_text()}"),
    )


def saw(story: Story) -> dict[str, str]:
    """The sender's call fails with the error's name."""
    about = story.name(story.connection.icmp_about)
    other = "client" if about == "server" else "server"
    return {about: story.icmp_errno(), other: "nothing"}


ENDING = Ending(
    slug="icmp-rejected",
    title="Rejected by an ICMP error",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Open the firewall or mend the route that the ICMP message names.",
    settle_it="On the sender: which error did its call return, and when?",
    references=("RFC 1122 4.2.3.9", "Linux tcp_ipv4.c:tcp_v4_err"),
    kind="refused",
    mistaken_for=("connect-timeout", "retransmission-timeout"),
)
