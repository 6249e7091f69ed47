"""A program asked for an abort: SO_LINGER with a time of zero, then close().

## What happened

The socket had SO_LINGER {1, 0}, so close() (or the end of the process) threw
away what was queued and sent a reset instead of a FIN (Linux `__tcp_close`,
`tcp_disconnect`). connect() with AF_UNSPEC does the same.

## How it is told

A reset from a live socket: RST and ACK, an open window. If its sender had
received nothing at all, or had answered all that it received, unread data is no
explanation. Otherwise the packets are the same, and the answer stays open.

## What to do

Remove the option, or keep it for peers that misbehave and say so in the log. A
health check that must not leave TIME_WAIT behind may use it.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength, is_from_socket


def signature(facts: Facts) -> Claim | None:
    """A socket's reset that unread data does not explain."""
    if not is_from_socket(facts) or facts.keepalive_gave_up:
        return None
    if facts.reset_window_doubled:
        return None
    by = SIDES[facts.resetter]
    if not facts.resetter_got_data:
        return Claim(by, "nothing-received", Strength.LIKELY)
    if facts.reset_acks_new_data:
        return Claim(by, "data-never-acknowledged", Strength.FAINT)
    if facts.queue_was_read:
        return Claim(by, "queue-was-read", Strength.LIKELY)
    if facts.resetter_closed:
        return Claim(by, "after-own-fin", Strength.POSSIBLE)
    if facts.data_unanswered:
        return Claim(by, "data-unanswered", Strength.POSSIBLE)
    return Claim(by, "data-answered", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say who aborted."""
    return (
        f"The {story.actor_name}'s program aborted the connection: SO_LINGER of"
        " zero and close(), or a call that does the same."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show what came last, and the reset."""
    return exhibit(
        story.actor.data, f"the last data of the {story.actor_name}"
    ) + exhibit(
        story.reset_seen, f"the {story.actor_name}'s live socket resets, unprompted"
    )


def saw(story: Story) -> dict[str, str]:
    """The aborter noticed nothing; the other was reset."""
    return story.saw(
        "close returned 0", "the data queued before, then ECONNRESET, then EPIPE"
    )


ENDING = Ending(
    slug="linger-zero",
    title="Aborted by the program (SO_LINGER 0)",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Remove SO_LINGER {1, 0} where the peer still wants the data or an EOF.",
    settle_it=(
        "On the resetting host: nstat TCPAbortOnData moves for SO_LINGER 0,"
        " TCPAbortOnClose for unread data; strace shows setsockopt(SO_LINGER)."
    ),
    references=("RFC 9293 3.10.5", "Linux tcp.c:__tcp_close, tcp_disconnect"),
    kernel_reasons=("TCP_STATE", "TCP_DISCONNECT_WITH_DATA"),
    mistaken_for=(
        "unread-data-at-close",
        "socket-destroyed",
        "listener-closed",
        "orphan-limit",
        "injected-reset",
        "keepalive-timeout",
    ),
)
