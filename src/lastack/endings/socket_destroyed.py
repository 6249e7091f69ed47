"""An administrator, or a call from outside the program, destroyed the socket.

## What happened

`ss -K` (SOCK_DESTROY), Android's netd or a BPF program told the kernel to abort
a live connection. The kernel sent a reset, and the program's next call returned
ECONNABORTED (Linux `tcp_abort`).

## How it is told

The packets are those of SO_LINGER zero: a reset from a live socket. Only the
host can say which; a destroyed socket moves no TCPAbort counter.

## What to do

Ask who ran it: a connection killer in a failover script, netd, an operator.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength, is_from_socket


def signature(facts: Facts) -> Claim | None:
    """Any socket's reset that no evidence of the packets explains."""
    if not is_from_socket(facts) or facts.keepalive_gave_up:
        return None
    if facts.reset_window_doubled or facts.fin_just_sent:
        return None
    by = SIDES[facts.resetter]
    if facts.resetter_got_data and facts.reset_acks_new_data:
        return None
    if facts.resetter_closed:
        return Claim(by, "after-own-fin", Strength.FAINT)
    if facts.resetter_got_data and facts.data_unanswered:
        return Claim(by, "data-unanswered", Strength.FAINT)
    return Claim(by, "unprompted", Strength.FAINT)


def tell(story: Story) -> str:
    """Say whose socket was destroyed."""
    return (
        f"The {story.actor_name}'s socket was destroyed from outside its program"
        " (ss -K or the like), and its kernel sent a reset."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the reset."""
    return exhibit(
        story.reset_seen, f"the {story.actor_name}'s live socket resets, unprompted"
    )


def saw(story: Story) -> dict[str, str]:
    """The destroyed side's calls fail; the other was reset."""
    return story.saw("ECONNABORTED, then EPIPE", "ECONNRESET, then EPIPE")


ENDING = Ending(
    slug="socket-destroyed",
    title="Socket destroyed from outside",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Find who destroys sockets on that host: ss -K, netd, a failover script.",
    settle_it=(
        "On the resetting host: the program saw ECONNABORTED, and no TCPAbort"
        " counter moved."
    ),
    references=("Linux tcp.c:tcp_abort", "ss(8) -K"),
    kernel_reasons=("TCP_STATE",),
    mistaken_for=("linger-zero", "unread-data-at-close"),
)
