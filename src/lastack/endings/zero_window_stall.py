"""One side stopped reading; the other probes a closed window.

## What happened

The receiver's program did not read, its queue filled up and its kernel closed
the window. The sender asks from time to time (window probes, at doubling
intervals up to two minutes), for ever as long as it is answered (RFC 1122
4.2.2.17).

## How it is told

Acknowledgements with a window of 0, and probes: empty, one octet before what is
next, or the same segment again.

## What to do

Find why the receiving program does not read: it hangs, waits for a lock, or is
stopped. The sender's guard is TCP_USER_TIMEOUT.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import SIDES, Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """A window that is closed when the capture ends, or when it is reset."""
    if facts.both_closed:
        return None
    if facts.resetter:
        if facts.other_zero_window:
            by = SIDES[3 - facts.resetter]
            return Claim(by, "sender-reset", Strength.POSSIBLE)
        if facts.stalled_before and not facts.resetter_closed:
            by = SIDES[3 - facts.resetter]
            return Claim(by, "sender-gave-up-before", Strength.POSSIBLE)
        return None
    if not facts.zero_window:
        return None
    by = SIDES[facts.zero_window]
    if facts.window_probed:
        return Claim(by, "probed", Strength.PROVEN)
    return Claim(by, "not-probed", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say who does not read."""
    return (
        f"The {story.actor_name}'s program stopped reading: its window is closed"
        f" and the {story.other_name} waits with data to send."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the closed window and the probes."""
    return (
        exhibit(story.actor.zero_window, f"the {story.actor_name}'s window closes")
        + exhibit(story.other.first_probe, f"the {story.other_name} probes it")
        + exhibit(story.other.last_probe, "the last probe")
    )


def saw(story: Story) -> dict[str, str]:
    """The reader does not read; the writer blocks."""
    return story.saw("it does not call recv", "send blocks, or EAGAIN")


ENDING = Ending(
    slug="zero-window-stall",
    title="Receiver stopped reading",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Find why the receiving program does not read.",
    settle_it="On the receiver: ss -tanp shows Recv-Q full; a stack dump shows why.",
    references=("RFC 1122 4.2.2.17", "RFC 6429"),
    kind="silence",
    mistaken_for=("retransmission-timeout", "still-open"),
)
