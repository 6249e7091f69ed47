"""connect() to a local address that nobody has: EHOSTUNREACH after 3 s.

ARP is asked three times in vain, and no SYN ever leaves. A dead host behind a
router gives ETIMEDOUT instead, after minutes.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    network,
    wait,
)


def steps(*, pause: float = 0.1) -> list[Step]:
    """Nobody answers ARP for the server's address."""
    return [
        network.cut(),
        client_host.unplug("neighbour"),
        wait(pause),
        client.connect().gives("-EHOSTUNREACH"),
    ]


SCENARIO = Scenario(
    slug="connect-next-hop-gone",
    steps=steps,
    truth={"a": Truth("connect-timeout", "client")},
    seeds=(16, 22),
    not_in_sim="the simulator has no Ethernet, and so no neighbours",
)
