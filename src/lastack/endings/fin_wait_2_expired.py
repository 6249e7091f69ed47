"""The side that closed first stopped waiting before the other side closed.

## What happened

One side closed; its kernel kept the orphaned socket in FIN_WAIT_2 for the
other's FIN, but not for ever: 60 s on Linux (net.ipv4.tcp_fin_timeout). The
other side closed, or sent, only later. Nobody remembered the connection any
more, so it was answered by a reset.

## How it is told

An acknowledged FIN, at least that time of nothing, then a FIN or data from the
other side, and a bare reset as answer to it. A refused FIN without data proves
that FIN_WAIT_2 was over, whatever the time: it would have been welcome.

## What to do

Close soon after end of file. The delayed close itself does no harm; lost data
does. Raise tcp_fin_timeout if the late side cannot be changed.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength, is_answer


def signature(facts: Facts) -> Claim | None:
    """A kernel's answer to what came long after its own, acknowledged FIN."""
    if facts.resetter_closed and facts.other_unknown and not facts.reset_has_ack:
        strength = Strength.LIKELY if facts.fin_wait_2_over else Strength.POSSIBLE
        case = "one-way-late" if facts.fin_wait_2_over else "one-way"
        return Claim(SIDES[facts.resetter], case, strength)
    if not facts.resetter_closed or not facts.other_knew_fin:
        return None
    if not is_answer(facts):
        return None
    by = SIDES[facts.resetter]
    if facts.reset_answers_fin and not facts.late_data:
        if facts.fin_wait_2_over:
            return Claim(by, "late-fin", Strength.PROVEN)
        return Claim(by, "refused-fin", Strength.STRONG)
    if facts.reset_answers_data or facts.reset_answers_fin:
        if facts.fin_wait_2_over:
            return Claim(by, "late-data", Strength.LIKELY)
        if facts.fin_long_ago:
            return Claim(by, "data-a-while-later", Strength.POSSIBLE)
    return None


def tell(story: Story) -> str:
    """Say who stopped waiting, and when the other came."""
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
