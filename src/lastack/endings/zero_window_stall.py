"""One side stopped reading; the other probes a closed window.

## What happened

One side's program did not read. Its receive queue filled up, and its kernel
told the other side to stop by announcing a window of 0. The other side has data
to send and may not; its kernel asks from time to time whether the window has
opened (RFC 1122 4.2.2.17). As long as each probe is answered this goes on for
ever: Linux doubles the interval from 0.2 s up to two minutes and never gives
up, unless the program set TCP_USER_TIMEOUT or has closed the socket.

The sender's send() blocks, or returns EAGAIN. A program which closes meanwhile
leaves its FIN behind the data that cannot be sent, so no FIN is seen at all;
the orphan dies silently after minutes, and if the reader wakes up then, its
acknowledgement is answered by a bare reset.

## How it is told

Acknowledgements with a window of 0, and probes: on Linux empty segments one
octet before what is next, at doubling intervals; on BSD, macOS and Windows one
octet of the data that waits. `by` is the side that stopped reading. Both
hosts and the path work, which the answers prove. Without answers, the host has
gone silent as well, and the two causes may be one.

A keepalive probe has the same form, but comes at equal intervals, after the
last data was acknowledged with an open window.

## What to do

Find why that program does not read: it hangs, waits for a lock or for its own
peer, is stopped (SIGSTOP, a debugger, a full disk), or has forgotten the
socket. `ss -tanp` there shows Recv-Q full and names the process; a stack dump
tells what it waits for. The sender's guards are a deadline for send() and
TCP_USER_TIMEOUT, which ends even an answered stall.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 2920 <mss 1460> {id 0}
    +0    > . 1:1(0) ack 1 win 64240
    +0    > . 1:1461(1460) ack 1 win 64240
    +0    > P. 1461:2921(1460) ack 1 win 64240
    +.01  < . 1:1(0) ack 2921 win 0
    +.22  > . 2920:2920(0) ack 1 win 64240
    +.01  < . 1:1(0) ack 2921 win 0
    +.44  > . 2920:2920(0) ack 1 win 64240
    +.01  < . 1:1(0) ack 2921 win 0
    +.89  > . 2920:2920(0) ack 1 win 64240
    +.01  < . 1:1(0) ack 2921 win 0

## Not this: unread-data-at-close

The program that did not read is killed. Its kernel empties the queue and
resets, with a window that is wide open again:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 2920 <mss 1460> {id 0}
    +0    > . 1:1(0) ack 1 win 64240
    +0    > P. 1:2921(2920) ack 1 win 64240
    +.01  < . 1:1(0) ack 2921 win 0
    +.22  > . 2920:2920(0) ack 1 win 64240
    +.01  < . 1:1(0) ack 2921 win 0
    +.3   < R. 1:1(0) ack 2921 win 2920

## Not this: retransmission-timeout

The window is open, and what is repeated is data:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +1    > P. 1:1461(1460) ack 1 win 502
    +.212 > P. 1:1461(1460) ack 1 win 502
    +.216 > P. 1:1461(1460) ack 1 win 502
    +.44  > P. 1:1461(1460) ack 1 win 502
    +.88  > P. 1:1461(1460) ack 1 win 502
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
            if facts.resetter_repeated and facts.reset_has_ack:
                # BSD probes with an octet of data, and resets when it gives up.
                return Claim(by, "persist-timer-gave-up", Strength.LIKELY)
            return Claim(by, "sender-reset", Strength.POSSIBLE)
        if facts.prober_overdue and facts.reset_has_ack:
            # Who probed the resetter's window had given up before; its reset,
            # if it sent one, was heard by nobody.
            by = SIDES[facts.resetter]
            if facts.prober_overdue > 1:
                return Claim(by, "prober-fell-silent", Strength.LIKELY)
            return Claim(by, "prober-overdue", Strength.RATHER)
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
    """Say who does not read, and whether the other one still waits."""
    if story.reset is not None:
        return (
            f"The {story.actor_name}'s program stopped reading: its window was closed,"
            f" and the {story.other_name} gave up the data that it had to send."
        )
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
        + exhibit(story.reset_seen, f"a reset by the {story.resetter}")
    )


def saw(story: Story) -> dict[str, str]:
    """The reader does not read; the writer blocks."""
    return story.saw(
        "it does not call recv", "send blocks, or EAGAIN; nothing, if it has closed"
    )


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
    mistaken_for=("retransmission-timeout", "still-open", "unread-data-at-close"),
)
