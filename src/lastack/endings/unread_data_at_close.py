"""A program closed, or died, while data that it had received was still unread.

## What happened

The kernel may not pretend that all was well when data was never read, so
instead of a FIN it sent a reset, at once (RFC 2525 2.17, RFC 1122 4.2.2.13;
Linux `__tcp_close`). What the resetting side had sent just before may be lost
with it at the other side.

## How it is told

The reset comes from a live socket: RST and ACK, an open window, a sequence
number where its sender's data ends. Closing empties the receive queue first, so
a window that jumps to double or more in the reset itself proves that data was
unread: a program that had read it would have announced the window before. An
acknowledgement number ahead of everything acknowledged so far says that data
came a moment before. With little data in the queue the packets are those of
SO_LINGER zero.

## What to do

Read to the end of file before close(), or shutdown(SHUT_WR), drain, close
(`lastack.closing.close_gracefully`). A server that refuses a request must drain
it for a while (`lingering_close`).
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength, is_from_socket


def signature(facts: Facts) -> Claim | None:
    """A socket's reset from a side that had received data."""
    if not is_from_socket(facts) or facts.keepalive_gave_up:
        return None
    if not facts.resetter_got_data:
        return None
    by = SIDES[facts.resetter]
    if facts.reset_window_doubled:
        return Claim(by, "window-doubled", Strength.PROVEN)
    if facts.reset_acks_new_data and not facts.other_unknown:
        return Claim(by, "data-never-acknowledged", Strength.STRONG)
    if facts.queue_was_read:
        return Claim(by, "queue-was-read", Strength.FAINT)
    if facts.resetter_closed:
        return Claim(by, "after-own-fin", Strength.POSSIBLE)
    if facts.data_unanswered:
        return Claim(by, "data-unanswered", Strength.LIKELY)
    return Claim(by, "data-answered", Strength.FAINT)


def tell(story: Story) -> str:
    """Say who closed with data unread."""
    return (
        f"The {story.actor_name} reset the connection: it closed its socket, or"
        " its process ended, while data that it had received was still unread."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the data and the reset."""
    reset = story.reset
    says = f"the {story.actor_name}'s live socket resets, unprompted"
    if reset is not None:
        before = reset.window_before
        now = reset.segment.window
        if 0 <= 2 * before <= now:
            says = (
                f"the reset's window is {now}, the last one announced was"
                f" {before}: close() emptied an unread queue"
            )
        elif reset.ack_ahead > 0:
            says = (
                f"the reset acknowledges {reset.ack_ahead} octets that the"
                f" {story.actor_name} had never acknowledged before"
            )
    return exhibit(
        story.other.data, f"the last data of the {story.other_name}"
    ) + exhibit(story.reset_seen, says)


def saw(story: Story) -> dict[str, str]:
    """The closer noticed nothing; the other was reset."""
    return story.saw(
        "close returned 0", "the data queued before, then ECONNRESET, then EPIPE"
    )


ENDING = Ending(
    slug="unread-data-at-close",
    title="Closed with unread data",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy=(
        "Read to end of file before close(), or shutdown(SHUT_WR), drain within a"
        " time limit, then close."
    ),
    settle_it=(
        "On the resetting host: nstat TCPAbortOnClose moves for unread data,"
        " TCPAbortOnData for SO_LINGER 0."
    ),
    references=("RFC 2525 2.17", "RFC 1122 4.2.2.13", "Linux tcp.c:__tcp_close"),
    kernel_reasons=("TCP_ABORT_ON_CLOSE",),
    mistaken_for=("linger-zero", "socket-destroyed", "listener-closed", "orphan-limit"),
)
