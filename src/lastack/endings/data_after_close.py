"""Data reached a socket whose program had already closed it.

## What happened

One side's program closed, or its process ended or was killed, and its FIN went
out. The other side sent data afterwards: it had not seen the FIN yet, or its
program did not mind the end of file. Nobody was left to read the data, so the
kernel of the closed side answered it by a reset (RFC 1122 4.2.2.13; Linux
`tcp_rcv_state_process` while the FIN is unacknowledged,
`tcp_timewait_state_process` afterwards).

The closing side's close() returned 0. The other side's program reads what had
come before, then end of file, and on Linux never an error: only send() fails
with EPIPE, the second time. On Windows and illumos recv() fails as well.

This is the keep-alive race behind rare 502s and "connection reset by peer" on
reused connections: the server's idle timeout meets the client's next request.

## How it is told

A FIN, then data from the other side, then a reset from the side that had sent
the FIN: RST alone, window 0, no options, on Linux IP ID 0, with the number that
the data acknowledged. `by` is the side that had closed.

That number tells who was wrong. If the data did not acknowledge the FIN, the
two crossed on the wire: nobody was, and the request was not read. If it did,
the sender's kernel had the FIN, and its program wrote all the same; the time
between the two is how long it had ignored the end of file. Each segment under
way draws a reset of its own, so a server that refuses an upload early sends a
burst. A TLS close_notify that meets a closed socket is harmless.

If more than 60 s have passed since the FIN, fin-wait-2-expired is as likely.
Windows answers with RST and ACK, and a window of 0.

## What to do

Sender: treat end of file as the end; look for it before a pooled connection is
used again; keep idle connections for less time than the peer does; repeat what
is safe to be repeated. Closer: shutdown(SHUT_WR), read on for a while, then
close (lingering close, RFC 9112 9.6); announce the end, `Connection: close`.

## Example

The server's idle timeout and the client's second request cross:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.05  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.05  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +4.98 > P. 101:201(100) ack 201 win 501
    +.02  < F. 201:201(0) ack 101 win 509
    +.03  < R 201:201(0) win 0 {id 0}

## Not this: fin-wait-2-expired

The client sends no data, only its own FIN, and that too is refused:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +5    < F. 1:1(0) ack 1 win 510
    +.04  > . 1:1(0) ack 2 win 502
    +75   > F. 1:1(0) ack 2 win 502
    +.01  < R 2:2(0) win 0 {id 0}

## Not this: peer-lost-state

The server had never closed:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +40   > P. 101:201(100) ack 201 win 501
    +.01  < R 201:201(0) win 0 {id 0}
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.ending import (
    SIDES,
    Claim,
    Ending,
    Strength,
    is_answer,
    is_answer_behind_a_lost_reset,
    is_bare_abort,
    is_embedded_answer,
    is_lone_refusal,
    lossy,
    rests_on_a_missing_segment,
    unseen_side,
)


def signature(facts: Facts) -> Claim | None:
    """A kernel's answer to data from a side that had sent its FIN."""
    if unseen_side(facts):
        return Claim(SIDES[unseen_side(facts)], "unseen", Strength.FAINT)
    if (
        facts.rest_unseen
        and facts.rest_unseen == facts.first_closer
        and facts.waiting_data
        and not (facts.resetter or facts.both_closed)
    ):
        return Claim(SIDES[facts.first_closer], "refusal-unseen", Strength.RATHER)
    if (
        facts.loss
        and facts.first_fin_acked
        and facts.waiting_data
        and facts.waiting != facts.first_closer
        and not (facts.resetter or facts.both_closed)
    ):
        # What refused the data that waits is among what the capture lost.
        return Claim(SIDES[facts.first_closer], "refusal-lost", Strength.STRONG)
    if not facts.resetter_closed:
        if is_answer(facts) and facts.reset_answers_data and facts.stalled_before:
            # Behind data that found no room, its FIN could not leave. Programs close
            # more often than hosts forget or boxes reset.
            return Claim(SIDES[facts.resetter], "fin-held-back", Strength.RATHER)
        if facts.goes_on_elsewhere:
            return None
        if is_answer(facts) and facts.reset_answers_data and facts.sender_unknown:
            # Its FIN may have come before the capture.
            return Claim(SIDES[facts.resetter], "beginning-not-seen", Strength.LIKELY)
        if is_lone_refusal(facts):
            return Claim(SIDES[facts.resetter], "refusal-alone", Strength.LIKELY)
        if facts.loss and is_answer(facts) and facts.reset_answers_data:
            grades = (Strength.FAINT, Strength.FAINT, Strength.POSSIBLE)
            return lossy(facts, SIDES[facts.resetter], "fin", grades)
        if facts.reset_answers_data and is_answer_behind_a_lost_reset(facts):
            # So may every FIN be that it sent before.
            return Claim(SIDES[facts.resetter], "own-fin-lost", Strength.FAINT)
        return None
    by = SIDES[facts.resetter]
    if facts.other_unknown:
        if facts.reset_has_ack:
            return None
        return Claim(by, "one-way", Strength.LIKELY)
    if not is_answer(facts):
        if is_bare_abort(facts):
            return None
        if not facts.reset_has_ack:
            return Claim(by, "offence-not-seen", Strength.LIKELY)
        if is_embedded_answer(facts) and facts.late_data:
            return Claim(by, "embedded-answer", Strength.LIKELY)
        if facts.reset_window_zero and facts.late_data and not facts.fin_just_sent:
            return Claim(by, "answer-with-ack", Strength.LIKELY)
        return None
    if facts.reset_sender_goes_on:
        # Who still repeats his data has a socket, which would have answered.
        return Claim(by, "sender-goes-on", Strength.POSSIBLE)
    if facts.reset_answers_data or (facts.reset_answers_fin and facts.late_data):
        if facts.fin_unseen & facts.resetter:
            return Claim(by, "fin-acknowledged-and-lost", Strength.STRONG)
        if not facts.other_knew_fin:
            return Claim(by, "crossed-the-fin", Strength.PROVEN)
        if facts.fin_wait_2_over:
            return Claim(by, "after-fin-wait-2", Strength.POSSIBLE)
        if facts.fin_long_ago:
            return Claim(by, "long-after-fin", Strength.LIKELY)
        return Claim(by, "after-fin", Strength.PROVEN)
    if facts.reset_answers_probe and facts.both_closed:
        # Who has closed probes no more: an old ACK stands behind its FIN.
        return Claim(by, "old-ack-behind-both-fins", Strength.POSSIBLE)
    if facts.reset_answers_probe:
        return Claim(by, "probe-after-fin", Strength.LIKELY)
    if facts.late_data:
        return Claim(by, "ack-after-data", Strength.STRONG)
    if rests_on_a_missing_segment(facts):
        return Claim(by, "data-missing", Strength.LIKELY)
    return Claim(by, "data-not-seen", Strength.POSSIBLE)


def tell(story: Story) -> str:
    """Say who had closed and what still came."""
    offender = story.offender
    if story.reset is not None and not story.reset.sender_fin_acked:
        return (
            f"The {story.actor_name} had closed while data of the"
            f" {story.other_name} was on its way to it; its kernel answered with a"
            " reset."
        )
    if story.reset is None:
        return (
            f"The {story.actor_name} had closed, and the {story.other_name} sent data"
            f" all the same; the reset by which the {story.actor_name}'s kernel answers"
            " is not in the capture."
        )
    return (
        f"The {story.actor_name} had closed {story.since(story.actor.fin, offender)}"
        f" before, and the {story.other_name} sent data all the same; the"
        f" {story.actor_name}'s kernel answered with a reset."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the FIN, the data and the reset."""
    crossed = story.reset is not None and not story.reset.sender_fin_acked
    data = (
        "does not acknowledge the FIN yet: they crossed"
        if crossed
        else (f"acknowledges the FIN: the {story.other_name}'s kernel knew of it")
    )
    return story.fin_exhibit(
        story.actor_name, f"the {story.actor_name} closes"
    ) + story.reset_exhibits(
        f"the {story.other_name}'s segment {data}",
        f"the {story.actor_name}'s kernel has nobody to give it to",
    )


def saw(story: Story) -> dict[str, str]:
    """The closer noticed nothing; the other had EOF, and EPIPE later."""
    return story.saw("close returned 0", "EOF, then EPIPE; recv never fails on Linux")


ENDING = Ending(
    slug="data-after-close",
    title="Data after close",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy=(
        "Sender: treat end of file as the end, keep idle times shorter than the"
        " peer's. Closer: half-close and read on for a while."
    ),
    settle_it=(
        "On the closing host: strace shows close(), or the process had ended before."
    ),
    references=(
        "RFC 1122 4.2.2.13",
        "RFC 9112 9.5",
        "Linux tcp_minisocks.c:tcp_timewait_state_process",
    ),
    kernel_reasons=("TCP_ABORT_ON_DATA", "TCP_TIMEWAIT_SOCKET"),
    mistaken_for=("fin-wait-2-expired", "orphan-limit", "peer-lost-state"),
)
