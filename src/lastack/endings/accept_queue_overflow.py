"""The server's accept queue was full.

## What happened

The kernel completes handshakes for a listener and queues them until the program
calls accept(). When the queue was full, it ignored SYNs or the handshake's last
ACK, or (net.ipv4.tcp_abort_on_overflow) refused that with a reset. A client whose last
ACK was ignored believes that it is connected.

## How it is told

SYNs unanswered while other clients of the same port are served; SYN-ACKs that
are repeated although the client has acknowledged them and sends data; a bare
reset as answer to the last ACK of the handshake.

## What to do

Accept faster, raise the backlog of listen() and net.core.somaxconn.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength, is_answer


def signature(facts: Facts) -> Claim | None:
    """A handshake whose last step the server refused or ignored."""
    if facts.icmp:
        return None
    if facts.resetter == 2:
        if not is_answer(facts) or facts.resetter_closed or facts.server_data:
            return None
        if facts.syn_ack_repeated_after_ack:
            if facts.served_others:
                return Claim("server", "ignored-then-reset-served", Strength.STRONG)
            return Claim("server", "ignored-then-reset", Strength.POSSIBLE)
        if not facts.reset_answers_handshake:
            return None
        if facts.answered_unsent:
            return Claim("server", "bad-ack-refused", Strength.FAINT)
        if facts.syn_ack_repeated:
            return Claim("server", "refused-after-repeats", Strength.POSSIBLE)
        return Claim("server", "handshake-refused", Strength.LIKELY)
    if facts.resetter:
        return None
    if facts.waiting_syn and not facts.syn_ack:
        if facts.served_others:
            return Claim("server", "syn-ignored-others-served", Strength.STRONG)
        return Claim("server", "syn-ignored", Strength.FAINT)
    if facts.syn_ack_repeated_after_ack and not facts.server_data:
        if facts.served_others:
            return Claim("server", "last-ack-ignored-served", Strength.STRONG)
        return Claim("server", "last-ack-ignored", Strength.POSSIBLE)
    return None


def tell(story: Story) -> str:
    """Say that the queue was full."""
    return (
        "The server's kernel did not take the connection: the queue of its"
        " listener was full, since the program did not accept fast enough."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the client's attempt and the server's refusal or silence."""
    return (
        exhibit(story.client.syn, "the client's SYN")
        + exhibit(story.server.syn, "the server's SYN-ACK")
        + exhibit(story.client.last_repeat, "the client repeats itself in vain")
        + exhibit(story.reset_seen, "the server refuses the handshake's last step")
    )


def saw(story: Story) -> dict[str, str]:
    """The client waits, times out or is reset; the server's program is late."""
    return {
        "client": "connect returned 0 or ETIMEDOUT; then ECONNRESET or nothing",
        "server": "nothing: accept was never offered it",
    }


ENDING = Ending(
    slug="accept-queue-overflow",
    title="Accept queue full",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Accept faster; raise listen()'s backlog and net.core.somaxconn.",
    settle_it="On the server: nstat TcpExtListenOverflows; ss -ltn Recv-Q.",
    references=("Linux tcp_minisocks.c:tcp_check_req", "listen(2)"),
    kernel_reasons=("INVALID_SYN",),
    kind="refused",
    mistaken_for=(
        "connect-timeout",
        "listener-closed",
        "handshake-incomplete",
        "peer-lost-state",
        "retransmission-timeout",
    ),
)
