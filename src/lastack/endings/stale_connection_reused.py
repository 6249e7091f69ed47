"""A new SYN hit an old connection with the same addresses and ports.

## What happened

The client had lost the old connection (it rebooted, crashed, or its NAT forgot
it) and by chance, or since it binds a fixed port, used the same port again. The
server still held the old connection. Its kernel may not believe a SYN in the
middle of a connection: it answered with a challenge ACK that bears the numbers
of the old one (RFC 5961 4.2). The new client knows nothing of these numbers, so
its kernel reset them; that reset ended the old connection, and the SYN, sent
again, opened the new one (RFC 9293 3.5.1, figure 9).

The server's old program got ECONNRESET, or EOF and EPIPE if the client had
closed before; it may have waited for hours. The client's connect() returned 0,
a little late: Linux sends the SYN again after 11 ms, older systems after 1 to
3 s. Against a socket in TIME_WAIT a SYN with a later timestamp or sequence
number is simply accepted (RFC 6191); an older one meets the same challenge.

## How it is told

A SYN on addresses and ports in use, a bare ACK as answer whose numbers belong
to the old connection, a reset with just that ACK's number, and the SYN again.
The old connection is the one that bears this verdict; the new one, with a
stream number of its own, ends as it will. If nothing of the old one is in the
capture, the odd answer to the SYN alone shows that there was one.

A forged SYN draws the same challenge, but then the true client goes on with the
old connection, and no reset comes.

## What to do

Nothing: it heals itself. If it is frequent, one client address shares too few
ports (a NAT, a balancer that keeps the client's address), a program binds its
source port, or the server keeps dead connections: give it keepalive.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < P. 1:201(200) ack 101 win 509
    +0    > . 101:101(0) ack 201 win 501
    +90   > S 1508017:1508017(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < . 201:201(0) ack 101 win 509
    +0    > R 101:101(0) win 0 {id 0}
    +.011 > S 1508017:1508017(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 1843223:1843223(0) ack 1508018 win 65160 <mss 1460> {id 0}
    +0    > . 1508018:1508018(0) ack 1843224 win 64240

## Not this: handshake-abandoned

The SYN is answered by a SYN-ACK, and the client resets that:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +1.2  < S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,nop,wscale 7> {id 0}
    +0    > R 1:1(0) win 0 {id 0}
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength, is_second_half


def signature(facts: Facts) -> Claim | None:
    """A SYN that met an older connection's socket."""
    one_way = facts.client_seen != facts.server_seen
    if facts.stale and (one_way or is_second_half(facts)):
        # The one that challenges may have closed before the capture began.
        return Claim("client", "challenged-by-who-is-not-known", Strength.POSSIBLE)
    if facts.stale and not facts.both_closed:
        return Claim("client", "challenged-and-reset", Strength.PROVEN)
    if facts.met_half_open and facts.reset_answers_syn and facts.resetter == 2:
        return Claim("client", "met-a-half-open-one", Strength.LIKELY)
    if facts.odd_answer_to_syn and not facts.established:
        if facts.resetter == 1:
            return Claim("client", "its-own-syn", Strength.STRONG)
        return Claim("client", "answered-by-an-old-one", Strength.POSSIBLE)
    if (
        facts.resetter == 2
        and facts.syn_ack
        and not facts.established
        and not facts.reset_answers_syn
        and not facts.answered_unsent
        and not facts.resetter_got_data
    ):
        return Claim("client", "second-syn", Strength.POSSIBLE)
    return None


def tell(story: Story) -> str:
    """Say that the old connection was still there."""
    if story.connection.new_syn is None and not story.connection.odd_answer_to_syn:
        return (
            "The client sent a new SYN from ports on which the server still held an"
            " older connection, and was reset."
        )
    return (
        "The client opened a new connection from the same port while the server"
        " still held this old one; its challenge ACK said so, and the client reset it."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the new SYN and the reset."""
    old = story.connection
    if old.challenge_reset is not None:
        return (
            exhibit(old.new_syn, "the client's new SYN on ports in use")
            + exhibit(old.challenge, "the old socket's challenge ACK")
            + exhibit(old.challenge_reset, "which the client resets")
        )
    proof = exhibit(story.client.syn, "the client's new SYN on ports in use")
    if old.odd_answer_to_syn:
        challenge = story.server.last
        if challenge is not None and challenge.frame != old.odd_answer_to_syn:
            challenge = None
        says = "the old socket's challenge ACK"
        proof += (Exhibit(old.odd_answer_to_syn, says, challenge),)
        return proof + exhibit(story.reset_seen, "which the client resets")
    return proof + exhibit(story.reset_seen, "the server's host resets it")


def saw(story: Story) -> dict[str, str]:
    """The server's old program is reset; the client connects."""
    if story.resetter == "server" and story.reset is not None:
        return {"client": "connect: ECONNREFUSED", "server": "nothing"}
    return {"client": "connect returned 0", "server": "ECONNRESET on the old socket"}


ENDING = Ending(
    slug="stale-connection-reused",
    title="Old connection on the same ports",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Nothing: the client's second SYN succeeds. Use keepalive on the server.",
    settle_it="On the server: nstat TcpExtTCPChallengeACK moves at that moment.",
    references=("RFC 9293 3.5.1", "RFC 5961 4.2"),
    kernel_reasons=("TCP_INVALID_ACK_SEQUENCE",),
    mistaken_for=("handshake-abandoned",),
)
