"""The server's listener closed while the connection waited to be accepted.

## What happened

The kernel had completed the handshake, but the program never called accept().
When its listener closed, or its process ended, the kernel reset everything that
still waited in the accept queue (Linux `inet_csk_listen_stop`).

## How it is told

A reset from a live socket of a server that never sent an octet of data. Several
such resets from one port in the same millisecond are one listener's end. A
listener that closes while a handshake is in progress answers the last ACK.

## What to do

Accept until the queue is empty before closing the listener; with SO_REUSEPORT,
set net.ipv4.tcp_migrate_req. A client may retry: no request was read.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength, is_answer, is_from_socket


def signature(facts: Facts) -> Claim | None:
    """A reset by a server that has sent nothing but its SYN-ACK."""
    if facts.resetter != 2 or facts.resetter_sent_data or facts.resetter_closed:
        return None
    if not facts.syn_ack or facts.keepalive_gave_up:
        return None
    if facts.answered_unsent:
        return None
    if is_answer(facts) and facts.reset_answers_handshake:
        if facts.syn_ack_repeated:
            return Claim("server", "refused-after-repeats", Strength.FAINT)
        return Claim("server", "handshake-refused", Strength.POSSIBLE)
    if not is_from_socket(facts) or facts.reset_window_doubled:
        return None
    if facts.reset_together:
        return Claim("server", "resets-together", Strength.STRONG)
    return Claim("server", "never-answered", Strength.FAINT)


def tell(story: Story) -> str:
    """Say that nobody accepted the connection."""
    return (
        "The server closed its listener, or its process ended, while the"
        " connection still waited to be accepted."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the handshake's answer and the reset."""
    return exhibit(
        story.server.syn, "the server's kernel completes the handshake"
    ) + exhibit(story.reset_seen, "the server never sent data, and resets")


def saw(story: Story) -> dict[str, str]:
    """The client was reset; no server program ever saw the connection."""
    return {"client": "connect returned 0, then ECONNRESET", "server": "nothing"}


ENDING = Ending(
    slug="listener-closed",
    title="Listener closed before accept()",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Accept until the queue is empty, then close the listener.",
    settle_it="On the server: did the process stop or restart at that moment?",
    references=("Linux inet_connection_sock.c:inet_csk_listen_stop",),
    kernel_reasons=("TCP_STATE",),
    mistaken_for=("linger-zero", "unread-data-at-close", "accept-queue-overflow"),
)
