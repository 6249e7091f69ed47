"""Nobody listens on the port: the host answered the SYN with a reset.

## What happened

The SYN reached the server's host, where no program listens on that address and
port, or one is bound to it and has not called listen(). Its kernel said so by a
reset (RFC 9293 3.10.7.1; Linux `tcp_v4_send_reset`, reason NO_SOCKET). The
client's connect() failed with ECONNREFUSED at once; a Windows client sends the
SYN up to three times more before it gives up. No program of the server noticed.

Common reasons: the service is down, or not up yet; it listens on 127.0.0.1 or
on another port or address family; it restarts, between close and listen; a
balancer or container network sent the SYN to a host that is gone.

## How it is told

RST and ACK as answer to a SYN: sequence number 0, ack one beyond the SYN,
window 0, no options, on Linux IP ID 0. A firewall that rejects "with tcp reset"
sends the very same. What tells them apart is the TTL, when the host's other
packets are in the capture too: the same TTL is the host's own kernel, or a
firewall on that host. Otherwise the host is the usual reason, and
firewall-reset stays listed.

A port that is filtered in silence gives connect-timeout, one behind a router
that rejects gives icmp-rejected.

## What to do

Start the service, or correct the address and port. On the server: `ss -ltnp`
shows what listens, and where. If the port is there, a firewall refuses: its
resets do not count in `nstat TcpOutRsts`, those of a closed port do. A program
that restarts can keep its listening socket open meanwhile, or hand it over.

## Example

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < R. 0:0(0) ack 1 win 0 {id 0}

## Not this: firewall-reset

The TTL is not that of the host's other packets:

    +1    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.002 < R. 0:0(0) ack 1 win 0 {ttl 62, id 0}

Another connection to the same host:

    +0    > S 0:0(0) win 64240 <mss 1460,sackOK,nop,wscale 7>
    +.01  < S. 0:0(0) ack 1 win 65160 <mss 1460,nop,wscale 7> {ttl 55, id 0}
    +0    > . 1:1(0) ack 1 win 502
    +0    > P. 1:101(100) ack 1 win 502
    +.01  < . 1:1(0) ack 101 win 509 {ttl 55}
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.ending import SIDES, Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """A reset that answers a SYN."""
    if facts.sender_unknown and facts.other_unknown and facts.reset_has_ack:
        if facts.reset_seq_zero and facts.reset_window_zero:
            by = SIDES[facts.resetter]
            return Claim(by, "syn-not-seen", Strength.LIKELY)
        return None
    if not facts.reset_answers_syn or facts.resetter != 2:
        return None
    if facts.reset_made_here:
        return Claim("server", "made-on-the-way", Strength.FAINT)
    if facts.met_half_open:
        return Claim("server", "met-a-half-open-one", Strength.FAINT)
    if facts.reset_ttl_differs and facts.ttl_of_other_port:
        return Claim("server", "foreign-ttl-other-port", Strength.POSSIBLE)
    if facts.reset_ttl_known and facts.reset_ttl_differs:
        return Claim("server", "foreign-ttl", Strength.FAINT)
    if facts.served_just_before:
        return Claim("server", "served-just-before", Strength.RATHER)
    if facts.served_others:
        # It went down or restarts; or a limit refuses some.
        return Claim("server", "others-served", Strength.LIKELY)
    if facts.reset_ttl_known:
        return Claim("server", "own-ttl", Strength.STRONG)
    return Claim("server", "ttl-unknown", Strength.LIKELY)


def tell(story: Story) -> str:
    """Say that nobody listens."""
    return (
        "The server's host refused the connection: nobody listens on port"
        f" {story.port('server')}."
    )


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the SYN and the refusal."""
    return story.reset_exhibits("the client's SYN", "refused by the server's host")


def saw(story: Story) -> dict[str, str]:
    """The client was refused; the server's programs noticed nothing."""
    return {"client": "connect: ECONNREFUSED", "server": "nothing"}


ENDING = Ending(
    slug="connection-refused",
    title="Connection refused",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Start the service, or correct the address and port.",
    settle_it=(
        "On the server: ss -ltn; if the port listens there, a firewall refuses."
    ),
    references=("RFC 9293 3.10.7.1", "Linux tcp_ipv4.c:tcp_v4_send_reset"),
    kernel_reasons=("NO_SOCKET",),
    kind="refused",
    mistaken_for=("firewall-reset",),
)
