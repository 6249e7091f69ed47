"""An ICMP error ended the connection, or the attempt.

## What happened

A router or firewall answered a segment with ICMP "unreachable". On a connecting
socket that is final. On an established one it is a soft error: the kernel
retransmits on and reports it, instead of a timeout, when it gives up (RFC 1122
4.2.3.9).

## How it is told

The ICMP message quotes the segment. Its sender is the box that rejected it.

## What to do

Open the firewall, or mend the route; the code says which.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """An unreachable message, and no connection after it."""
    if not facts.icmp or facts.resetter or facts.both_closed:
        return None
    if facts.waiting_syn or not facts.syn_ack and facts.syn:
        return Claim("path", "syn-rejected", Strength.PROVEN)
    if facts.waiting and facts.waiting == facts.icmp_about:
        return Claim("path", "while-waiting", Strength.POSSIBLE)
    return Claim("path", "in-between", Strength.FAINT)


def tell(story: Story) -> str:
    """Say what the ICMP message said."""
    return (
        "A router or firewall answered with an ICMP error"
        f" ({story.icmp_text()}), which ended the connection."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the SYN or the segment in vain, and the ICMP message."""
    about = story.side(story.name(story.connection.icmp_about))
    return exhibit(about.last_repeat or about.syn, "rejected on its way") + (
        Exhibit(story.connection.icmp_frame, f"ICMP {story.icmp_text()}"),
    )


def saw(story: Story) -> dict[str, str]:
    """The sender's call fails with the error's name."""
    about = story.name(story.connection.icmp_about)
    other = "client" if about == "server" else "server"
    return {about: story.icmp_errno(), other: "nothing"}


ENDING = Ending(
    slug="icmp-rejected",
    title="Rejected by an ICMP error",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Open the firewall or mend the route that the ICMP message names.",
    settle_it="",
    references=("RFC 1122 4.2.3.9", "Linux tcp_ipv4.c:tcp_v4_err"),
    kind="refused",
    mistaken_for=("connect-timeout", "retransmission-timeout"),
)
