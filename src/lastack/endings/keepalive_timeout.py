"""Keepalive probes went unanswered, and the prober gave up with a reset.

## What happened

The connection was idle. One side's program had set SO_KEEPALIVE, so its kernel
asked "are you there?" after TCP_KEEPIDLE (2 hours by default) and then every
TCP_KEEPINTVL (75 s). After TCP_KEEPCNT (9) questions without an answer it ended
the connection and sent a reset into the void (RFC 1122 4.2.3.6; Linux
`tcp_keepalive_timer`). With TCP_USER_TIMEOUT set that time counts instead, and
TCP_KEEPCNT is ignored.

The prober's program got ETIMEDOUT once (EHOSTUNREACH if an ICMP error came),
then end of file. The other side's, if it lives, gets ECONNRESET if the reset
arrives, and nothing otherwise.

## How it is told

Empty segments one octet before what is next, at equal intervals, and the reset
one interval after the last of them: RST and ACK, an open window. Equal
intervals tell keepalive from a closed window's probes, whose intervals double.
While the peer answers they are TCP_KEEPIDLE apart, then TCP_KEEPINTVL: only the
last ones count. `by` is the prober.

At the other host the probes may be seen to arrive and to be answered: then its
answers were lost on the way back. If no reset follows, the prober gave up
without one or the capture ended. A probe that is answered by a reset is
another ending: the peer had lost the connection, or had closed.

An answered probe proves that the other host's kernel knows the connection, not
that its program lives: a stopped process answers, and so does what is left of a
socket in FIN_WAIT_2.

## What to do

Find out why the path or the peer went silent: power, a cable, a NAT or firewall
that forgot the idle flow, a laptop that sleeps. Shorter keepalive times find it
earlier and keep NATs from forgetting; they cure nothing else. Keepalive is idle
while data is unacknowledged: set TCP_USER_TIMEOUT beside it.

## Example

Probes every second after ten seconds of silence:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +10.2 > . 100:100(0) ack 201 win 501
    +1.02 > . 100:100(0) ack 201 win 501
    +1.02 > . 100:100(0) ack 201 win 501
    +1.02 > R. 101:101(0) ack 201 win 501

## Not this: linger-zero

The probe is answered, and the prober's program aborts later:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +10.2 > . 0:0(0) ack 1 win 502
    +.01  < . 1:1(0) ack 1 win 510
    +4.3  > R. 1:1(0) ack 1 win 502
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength, is_from_socket


def signature(facts: Facts) -> Claim | None:
    """A socket's reset one probe interval after steady probes."""
    if facts.other_unknown and facts.reset_has_ack and not facts.reset_answers_syn:
        # Its probes may look like acknowledgements, and their answers be unseen.
        if facts.keepalive_gave_up and facts.probes_steady:
            return Claim(SIDES[facts.resetter], "one-way-steady", Strength.STRONG)
        return Claim(SIDES[facts.resetter], "one-way", Strength.FAINT)
    if facts.probes_answered and not facts.keepalive_gave_up and is_from_socket(facts):
        # The ones that were not answered may be missing.
        return Claim(SIDES[facts.resetter], "probes-missing", Strength.FAINT)
    if not facts.keepalive_gave_up or not is_from_socket(facts):
        return None
    by = SIDES[facts.resetter]
    if facts.single_probe:
        return Claim(by, "one-probe", Strength.LIKELY)
    if facts.probes_answered:
        if facts.answers_heard:
            # Unless a firewall of that host dropped them.
            return Claim(by, "answers-heard", Strength.FAINT)
        if facts.probes_uneven:
            return Claim(by, "answers-lost-uneven", Strength.FAINT)
        if facts.probes_steady:
            return Claim(by, "answers-lost", Strength.STRONG)
        return Claim(by, "answers-lost-perhaps", Strength.LIKELY)
    if facts.probes_uneven:
        return Claim(by, "probes-unanswered-uneven", Strength.LIKELY)
    return Claim(by, "probes-unanswered", Strength.PROVEN)


def tell(story: Story) -> str:
    """Say who asked how often."""
    reset = story.reset
    count = 0 if reset is None else reset.sender_probes
    interval = story.interval(reset.probe_interval if reset else 0)
    return (
        f"The {story.actor_name}'s keepalive gave up: {count} probes{interval}"
        f" brought no answer that reached it, so it reset the connection."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the first and last probe and the reset."""
    return (
        exhibit(story.actor.first_probe, "the first keepalive probe of the series")
        + exhibit(story.actor.last_probe, "the last one")
        + exhibit(story.reset_seen, "one interval later the prober gives up")
    )


def saw(story: Story) -> dict[str, str]:
    """The prober timed out; the other, if it lives, was reset."""
    return story.saw("ETIMEDOUT once, then EOF", "ECONNRESET if the reset arrived")


ENDING = Ending(
    slug="keepalive-timeout",
    title="Keepalive gave up",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Find out why the peer or the path is silent; keepalive only tells.",
    settle_it="A capture at the other host tells whether the probes arrived.",
    references=("RFC 1122 4.2.3.6", "Linux tcp_timer.c:tcp_keepalive_timer"),
    kernel_reasons=("TCP_KEEPALIVE_TIMEOUT",),
    mistaken_for=("linger-zero",),
)
