"""A new SYN hit an old connection with the same addresses and ports.

## What happened

The client had lost the old connection (reboot, crash) and by chance chose the
same port again, while the server still held the old connection. The server
answered the SYN with a challenge ACK of the old connection, which the new
client reset; so the old connection ended, and the SYN, sent again, opened the
new one (RFC 9293 figure 9, RFC 5961 4.2).

## How it is told

A SYN on addresses and ports in use, a bare ACK as answer, a reset with that
ACK's number, and the SYN again.

## What to do

Nothing: it heals itself. If it is frequent, the client's ports are too few, or
the server keeps dead connections too long.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """A SYN that met an older connection's socket."""
    if facts.stale and not facts.both_closed:
        return Claim("client", "challenged-and-reset", Strength.PROVEN)
    if facts.odd_answer_to_syn and not facts.established:
        if facts.resetter == 1:
            return Claim("client", "its-own-syn", Strength.STRONG)
        return Claim("client", "answered-by-an-old-one", Strength.POSSIBLE)
    if facts.resetter == 2 and facts.syn_ack and not facts.established:
        if not facts.reset_answers_syn and not facts.answered_unsent:
            return Claim("client", "second-syn", Strength.POSSIBLE)
    return None


def tell(story: Story) -> str:
    """Say that the old connection was still there."""
    return (
        "The client opened a new connection from the same port while the server"
        " still held this old one; the challenge ACK told, and the client reset it."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the new SYN and the reset."""
    following = story.connection.following or story.connection
    new = Story(following, "client")
    proof = exhibit(new.client.syn, "the client's new SYN on the old ports")
    if following.odd_answer_to_syn:
        proof += (Exhibit(following.odd_answer_to_syn, "the old socket's challenge ACK"),)
    if following.resets:
        proof += exhibit(following.resets[0].segment, "which the client resets")
    return proof


def saw(story: Story) -> dict[str, str]:
    """The server's old program is reset; the client connects."""
    return {"client": "connect returned 0", "server": "ECONNRESET on the old socket"}


ENDING = Ending(
    slug="stale-connection-reused",
    title="Old connection on the same ports",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Nothing: the client's second SYN succeeds. Use keepalive on the server.",
    settle_it="",
    references=("RFC 9293 3.5.1", "RFC 5961 4.2"),
    kernel_reasons=("TCP_INVALID_ACK_SEQUENCE",),
    mistaken_for=("handshake-abandoned",),
)
