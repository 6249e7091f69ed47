"""The server answered the SYN, and the client never came back.

## What happened

The server's SYN-ACKs got no answer: they were lost on the way back, the client
had vanished, or its address was forged (SYN flood). The server's kernel gave up
in silence (net.ipv4.tcp_synack_retries).

## How it is told

A SYN, SYN-ACKs repeated at doubling times, and no ACK.

## What to do

Look at the path back to the client. Against a flood, SYN cookies help.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """SYN-ACKs that nobody acknowledged."""
    if facts.resetter:
        if facts.resetter == 2 and facts.syn_ack and not facts.server_data:
            if facts.answered_unsent:
                return Claim("client", "wrong-ack-refused", Strength.LIKELY)
            if facts.reset_answers_handshake and facts.syn_ack_repeated:
                return Claim("client", "came-too-late", Strength.STRONG)
            if not facts.established and not facts.reset_answers_syn:
                return Claim("client", "refused-before-the-end", Strength.POSSIBLE)
        if (
            facts.resetter == 2
            and facts.syn_ack_repeated_after_ack
            and not facts.server_data
        ):
            return Claim("client", "reset-after-doubt", Strength.POSSIBLE)
        return None
    if not facts.syn_ack:
        return None
    if facts.established:
        if facts.syn_ack_repeated_after_ack and not facts.server_data:
            return Claim("client", "ack-lost-behind", Strength.POSSIBLE)
        return None
    if facts.syn_ack_repeated:
        return Claim("client", "syn-acks-repeated", Strength.STRONG)
    return Claim("client", "one-syn-ack", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say how often the server answered."""
    return (
        "The server answered the client's SYN"
        f" ({story.times(story.server.syn_acks)}), and the client's last step of"
        " the handshake never reached it."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the SYN and the SYN-ACKs."""
    proof = exhibit(story.client.syn, "the client's SYN")
    proof += exhibit(story.server.syn, "the server's SYN-ACK")
    if story.server.syn_acks > 1:
        proof += exhibit(story.server.last_repeat, "and again, unanswered")
    return proof


def saw(story: Story) -> dict[str, str]:
    """No program of the server saw it."""
    return {"client": "nothing is known of it", "server": "nothing"}


ENDING = Ending(
    slug="handshake-incomplete",
    title="Handshake never completed",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Look at the path back to the client; against floods, SYN cookies.",
    settle_it="Capture at the client: do the SYN-ACKs arrive there?",
    references=("RFC 9293 3.5", "tcp(7) tcp_synack_retries"),
    kind="silence",
    mistaken_for=("accept-queue-overflow", "still-open"),
)
