"""The client's host broke the handshake off.

## What happened

The server answered the SYN, but the client's kernel had no use for the answer:
its program had closed the connecting socket or died, or the SYN was a scanner's
that never had a socket. Its kernel answered the SYN-ACK with a reset.

## How it is told

A bare reset from the client that carries the number of the SYN-ACK's ack, or a
reset before the handshake was complete.

## What to do

Give the client more time to connect; if it is a scan, nothing.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """A client's reset in the handshake."""
    if facts.odd_answer_to_syn and not facts.established and not facts.syn_ack:
        return Claim("client", "odd-answer-refused", Strength.FAINT)
    if facts.resetter != 1 or facts.established and facts.syn:
        return None
    if facts.reset_answers_syn_ack:
        if facts.reset_ttl_known and facts.reset_ttl_differs:
            return Claim("client", "syn-ack-refused-foreign-ttl", Strength.LIKELY)
        return Claim("client", "syn-ack-refused", Strength.PROVEN)
    if facts.syn and not facts.client_data:
        return Claim("client", "reset-in-handshake", Strength.STRONG)
    return None


def tell(story: Story) -> str:
    """Say that the client broke off."""
    return (
        "The client's host broke off the handshake: it reset the server's SYN-ACK,"
        " so nothing was waiting for it there any more (or it was a scan)."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the SYN-ACK and the reset."""
    return story.reset_exhibits(
        "the server's SYN-ACK", "the client's host has no socket for it"
    )


def saw(story: Story) -> dict[str, str]:
    """Neither program saw a connection."""
    return {"client": "it had given up before", "server": "nothing"}


ENDING = Ending(
    slug="handshake-abandoned",
    title="Handshake abandoned by the client",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Give the client a longer time to connect; ignore it if it is a scan.",
    settle_it="On the client: was the connecting socket closed before the SYN-ACK?",
    references=("RFC 9293 3.10.7.1", "Linux tcp_minisocks.c:tcp_check_req"),
    kernel_reasons=("NO_SOCKET", "TCP_INVALID_ACK_SEQUENCE", "TCP_RFC7323_PAWS"),
    mistaken_for=("stale-connection-reused", "firewall-reset"),
)
