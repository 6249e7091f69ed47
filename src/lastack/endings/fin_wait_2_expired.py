"""The side that closed first stopped waiting before the other side closed.

## What happened

One side's program closed. The other side's kernel acknowledged its FIN, and its
program took its time. The first side's kernel kept the orphan in FIN_WAIT_2 for
the FIN which it was owed, but not for ever: 60 s on Linux
(net.ipv4.tcp_fin_timeout), or what the program set with TCP_LINGER2. Then it
forgot the connection, without a packet. Later the other side's program closed,
or sent, at last; nobody knew the connection any more, and the first side's
kernel answered by a reset.

Neither program notices a late FIN that is refused: its close() returns 0. Late
data is lost, and the next send() fails with EPIPE. A socket whose program still
holds it (it called shutdown(SHUT_WR), not close()) is never forgotten.

## How it is told

An acknowledged FIN, at least that time of silence, then a FIN or data from the
other side, and a bare reset as answer: window 0, no options, on Linux IP ID 0,
with the number that was acknowledged. `by` is the side that had closed first.

A FIN without data that is refused proves it, whatever the time: within
FIN_WAIT_2 it would have been welcome. Data is refused by an orphan at once as
well (data-after-close), so for late data only the time speaks. Keepalive probes
before that are answered while FIN_WAIT_2 lasts, which hides it.

macOS sends a reset at the moment when it stops waiting; FreeBSD and Linux say
nothing. Docker's IPVS and some NATs forget a half-closed flow after a minute
and look the same, with a TTL that may differ (firewall-reset).

## What to do

In the program that came late: close soon after recv() returns 0. In the one
that closed first: if it wants the answer, keep the socket, shutdown(SHUT_WR)
and read on. If the late side cannot be changed, raise net.ipv4.tcp_fin_timeout.
A late FIN alone does no harm.

## Example

The server closes after 5 s; the client keeps its connection for another 75:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +5    < F. 201:201(0) ack 101 win 509
    +.04  > . 101:101(0) ack 202 win 501
    +75   > F. 101:101(0) ack 202 win 501
    +.01  < R 202:202(0) win 0 {id 0}

## Not this: data-after-close

The client sends data, one second after the server's FIN:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +5    < F. 201:201(0) ack 101 win 509
    +.04  > . 101:101(0) ack 202 win 501
    +1    > P. 101:201(100) ack 202 win 501
    +.01  < R 202:202(0) win 0 {id 0}

## Not this: peer-lost-state

The server has not closed, and yet does not know the connection:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +75   > F. 101:101(0) ack 201 win 501
    +.01  < R 201:201(0) win 0 {id 0}
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import (
    SIDES,
    Claim,
    Ending,
    Strength,
    is_answer,
    is_from_socket,
    is_lone_refusal,
    rests_on_a_missing_segment,
)


def signature(facts: Facts) -> Claim | None:
    """A kernel's answer to what came long after its own, acknowledged FIN."""
    if facts.resetter_closed and facts.other_unknown and not facts.reset_has_ack:
        strength = Strength.LIKELY if facts.fin_wait_2_over else Strength.POSSIBLE
        case = "one-way-late" if facts.fin_wait_2_over else "one-way"
        return Claim(SIDES[facts.resetter], case, strength)
    if (
        not facts.resetter
        and facts.fin_wait_2_over
        and facts.first_fin_acked
        and not facts.second_fin_acked
    ):
        by = SIDES[facts.first_closer]
        return Claim(by, "refusal-not-seen", Strength.POSSIBLE)
    if (
        facts.loss
        and facts.both_closed
        and facts.fin_long_ago
        and facts.first_fin_acked
        and not (facts.resetter or facts.second_fin_acked)
    ):
        return Claim(SIDES[facts.first_closer], "refusal-lost", Strength.LIKELY)
    if not facts.resetter and facts.fin_long_ago and not facts.second_fin_acked:
        # Its time may have been set shorter; it is not seen.
        return Claim(SIDES[facts.first_closer], "unseen-a-while-later", Strength.FAINT)
    if is_lone_refusal(facts):
        if facts.reset_answers_fin:
            return Claim(SIDES[facts.resetter], "refusal-alone", Strength.POSSIBLE)
        return Claim(SIDES[facts.resetter], "refusal-of-data-alone", Strength.FAINT)
    if not facts.resetter_closed or not facts.other_knew_fin:
        return None
    if is_from_socket(facts):
        # macOS resets when the time is over (xnu: "FIN wait timeout drop").
        if facts.late_data or not facts.reset_has_ack:
            return None
        if facts.fin_wait_2_over:
            return Claim(SIDES[facts.resetter], "own-timer", Strength.LIKELY)
        if facts.fin_long_ago:
            return Claim(SIDES[facts.resetter], "own-timer-soon", Strength.HARDLY)
        return None
    if not is_answer(facts):
        return None
    by = SIDES[facts.resetter]
    if facts.reset_answers_fin and not facts.late_data:
        if facts.fin_wait_2_over:
            return Claim(by, "late-fin", Strength.PROVEN)
        return Claim(by, "refused-fin", Strength.STRONG)
    if facts.reset_answers_probe and facts.both_closed:
        return Claim(by, "fin-before-an-old-ack", Strength.RATHER)
    if facts.reset_answers_data or facts.reset_answers_fin:
        if facts.fin_wait_2_over:
            return Claim(by, "late-data", Strength.LIKELY)
        if facts.fin_long_ago:
            return Claim(by, "data-a-while-later", Strength.POSSIBLE)
    if rests_on_a_missing_segment(facts):
        if facts.fin_wait_2_over:
            return Claim(by, "late-and-missing", Strength.LIKELY)
        return Claim(by, "offence-missing", Strength.FAINT)
    return None


def tell(story: Story) -> str:
    """Say who stopped waiting, and when the other came."""
    if story.reset is None:
        return (
            f"The {story.actor_name} closed first and its kernel stopped waiting; the"
            f" {story.other_name} came after that, and the reset that answers it is"
            " not in the capture."
        )
    return (
        f"The {story.actor_name} closed first and its kernel stopped waiting; the"
        f" {story.other_name} came {story.since(story.actor.fin, story.offender)}"
        " after that FIN and was answered by a reset."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the first FIN, the late segment and the reset."""
    return exhibit(
        story.actor.fin, f"the {story.actor_name} closes"
    ) + story.reset_exhibits(
        f"{story.since(story.actor.fin, story.offender)} later, the"
        f" {story.other_name}'s turn",
        f"the {story.actor_name}'s kernel has forgotten the connection",
    )


def saw(story: Story) -> dict[str, str]:
    """The first closer noticed nothing; the late one closed in vain."""
    return story.saw("close returned 0", "EOF; close returned 0, or EPIPE on send")


ENDING = Ending(
    slug="fin-wait-2-expired",
    title="FIN_WAIT_2 had expired",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Close soon after reading end of file.",
    settle_it="On the first closer: sysctl net.ipv4.tcp_fin_timeout.",
    references=("tcp(7) tcp_fin_timeout", "Linux tcp_minisocks.c:tcp_time_wait"),
    kernel_reasons=("NO_SOCKET", "TCP_FLAGS"),
    mistaken_for=("data-after-close", "peer-lost-state"),
)
