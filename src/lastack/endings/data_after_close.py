"""Data reached a socket whose program had already closed it.

## What happened

One side closed (or its process ended) and its FIN went out. The other side,
which had not seen it yet or did not mind it, sent data. Nobody was left to read
it, so the kernel of the closed side answered with a reset (RFC 1122 4.2.2.13;
Linux `tcp_timewait_state_process`, `tcp_rcv_state_process`).

## How it is told

A FIN, then data from the other side, then a bare reset from the side that had
closed, with the number that the data acknowledged. If the data did not
acknowledge the FIN, the two crossed on the wire: an idle timeout met a request.
If it did, the sender's kernel had the FIN, and its program wrote all the same.

## What to do

Treat end of file as the end: check for it before a pooled connection is used
again. Let the client's idle time be the shorter one. A server that closes
should half-close and read on for a while. Retry what is safe to be retried.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength, is_answer


def signature(facts: Facts) -> Claim | None:
    """A kernel's answer to data from a side that had sent its FIN."""
    if not facts.resetter_closed:
        return None
    by = SIDES[facts.resetter]
    if facts.other_unknown:
        if facts.reset_has_ack:
            return None
        return Claim(by, "one-way", Strength.LIKELY)
    if not is_answer(facts):
        if (
            facts.reset_has_ack
            and facts.reset_window_zero
            and facts.late_data
            and not facts.fin_just_sent
        ):
            return Claim(by, "answer-with-ack", Strength.LIKELY)
        return None
    if facts.reset_answers_data or (facts.reset_answers_fin and facts.late_data):
        if not facts.other_knew_fin:
            return Claim(by, "crossed-the-fin", Strength.PROVEN)
        if facts.fin_wait_2_over:
            return Claim(by, "after-fin-wait-2", Strength.POSSIBLE)
        if facts.fin_long_ago:
            return Claim(by, "long-after-fin", Strength.LIKELY)
        return Claim(by, "after-fin", Strength.PROVEN)
    if facts.reset_answers_probe:
        return Claim(by, "probe-after-fin", Strength.LIKELY)
    if facts.late_data:
        return Claim(by, "ack-after-data", Strength.STRONG)
    return Claim(by, "nothing-but-ack", Strength.FAINT)


def tell(story: Story) -> str:
    """Say who had closed and what still came."""
    offender = story.offender
    if story.reset is not None and not story.reset.sender_fin_acked:
        return (
            f"The {story.actor_name} had closed while data of the"
            f" {story.other_name} was on its way to it; its kernel answered with a"
            " reset."
        )
    return (
        f"The {story.actor_name} had closed {story.since(story.actor.fin, offender)}"
        f" before, and the {story.other_name} sent data all the same; the"
        f" {story.actor_name}'s kernel answered with a reset."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the FIN, the data and the reset."""
    crossed = story.reset is not None and not story.reset.sender_fin_acked
    data = "does not acknowledge the FIN yet: they crossed" if crossed else (
        f"acknowledges the FIN: the {story.other_name}'s kernel knew of it"
    )
    return exhibit(
        story.actor.fin, f"the {story.actor_name} closes"
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
