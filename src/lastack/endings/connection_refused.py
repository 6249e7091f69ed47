"""Nobody listens on the port: the host answered the SYN with a reset.

## What happened

The SYN reached the server's host, where no program listens on that port (or one
is bound but does not listen), and its kernel said so (RFC 9293 3.10.7.1).

## How it is told

RST and ACK with sequence number 0 as answer to a SYN. A firewall that rejects
"with tcp reset" sends the same; only a TTL that differs from the host's other
packets tells them apart.

## What to do

Start the service, or correct the address and port.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """A reset that answers a SYN."""
    if not facts.reset_answers_syn or facts.resetter != 2:
        return None
    if facts.reset_ttl_known and facts.reset_ttl_differs:
        return Claim("server", "foreign-ttl", Strength.FAINT)
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
