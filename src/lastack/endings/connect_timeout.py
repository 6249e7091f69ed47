"""The SYNs were never answered.

## What happened

The client asked again and again (on Linux after 1, 3, 7 ... seconds,
net.ipv4.tcp_syn_retries) and gave up. Something on the way dropped the SYNs or
their answers, the host does not exist, or its accept queue is full.

## How it is told

SYNs with the same sequence number and nothing from the server.

## What to do

Look whether other clients are served: then the accept queue is full. Else open
the firewall, or correct the address.
"""

from lastack.connections.facts import Facts
from lastack.connections.story import Exhibit, Story, exhibit
from lastack.ending import Claim, Ending, Strength


def signature(facts: Facts) -> Claim | None:
    """SYNs without an answer."""
    if not facts.syn or facts.syn_ack or facts.resetter or facts.established:
        return None
    if facts.icmp:
        return Claim("client", "with-icmp", Strength.FAINT)
    if facts.server_seen:
        return Claim("client", "odd-answer", Strength.LIKELY)
    if facts.repeated_often:
        return Claim("client", "many-syns", Strength.STRONG)
    if facts.syn_repeated:
        return Claim("client", "several-syns", Strength.STRONG)
    return Claim("client", "one-syn", Strength.POSSIBLE)


def tell(story: Story) -> str:
    """Say how often the client asked."""
    count = story.client.syns
    tries = "1 SYN" if count == 1 else f"{count} SYNs"
    return f"The client sent {tries} and the server never answered."


def exhibits(story: Story) -> tuple[Exhibit, ...]:
    """Show the first and the last SYN."""
    proof = exhibit(story.client.syn, "the client's first SYN")
    if story.client.syns > 1:
        proof += exhibit(
            story.client.last,
            f"its last, {story.since(story.client.syn, story.client.last)} later",
        )
    return proof


def saw(story: Story) -> dict[str, str]:
    """The client timed out."""
    return {"client": "connect: ETIMEDOUT", "server": "nothing"}


ENDING = Ending(
    slug="connect-timeout",
    title="Connect timed out",
    signature=signature,
    tell=tell,
    exhibits=exhibits,
    saw=saw,
    remedy="Open the firewall, correct the address, or accept faster.",
    settle_it="Capture at the server: do the SYNs arrive? nstat TcpExtListenDrops.",
    references=("RFC 1122 4.2.3.5", "tcp(7) tcp_syn_retries"),
    kind="silence",
    mistaken_for=("accept-queue-overflow", "icmp-rejected", "still-open"),
)
