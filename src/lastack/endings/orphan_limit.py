"""The kernel would not keep a closed socket, and reset it behind its own FIN.

## What happened

The program closed; the kernel was to finish alone, but it had too many such
orphans (net.ipv4.tcp_max_orphans) or too little TCP memory, or the program had
set TCP_LINGER2 below zero (Linux `tcp_check_oom`, `__tcp_close`).

## How it is told

A FIN and, within a millisecond, a reset one octet behind it. With TCP_LINGER2
below zero: a reset as answer to the mere acknowledgement of the FIN.

## What to do

Look for a leak of half-closed connections (`ss -tan state fin-wait-1`), raise
tcp_max_orphans or tcp_mem, do not set TCP_LINGER2 below zero.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength, is_answer, is_from_socket


def signature(facts: Facts) -> Claim | None:
    """A reset of one's own FIN."""
    if not facts.resetter_closed:
        return None
    by = SIDES[facts.resetter]
    if is_answer(facts):
        if facts.reset_answers_ack and facts.other_knew_fin and not facts.late_data:
            return Claim(by, "ack-of-fin-refused", Strength.STRONG)
        return None
    if not is_from_socket(facts):
        return None
    if facts.fin_just_sent and not facts.other_knew_fin:
        return Claim(by, "at-once", Strength.STRONG)
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
    return exhibit(story.actor.fin, f"the {story.actor_name}'s FIN") + exhibit(
        story.reset_seen, "its own kernel resets behind it"
    )


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
