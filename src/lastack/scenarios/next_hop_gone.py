"""The next hop is gone: EHOSTUNREACH and not ETIMEDOUT, and no packet.

The host of the last hop does not answer ARP any more, so nothing of the
retransmissions leaves the client: its capture looks as if it had stopped. The
kernel notes that the host is unreachable, and says so when tcp_retries2 is
over.
"""

from lastack.scenarios.endgames import given_up
from lastack.scenarios.openings import quiet_connection
from lastack.tcp.scenario import Scenario, Step, Truth, client_host, network


def steps(*, rounds: int = 1, retries: int = 4) -> list[Step]:
    """The server vanishes from the local network; tcp_retries2 is `retries`."""
    return [
        *quiet_connection(rounds, retries),
        network.cut(),
        client_host.unplug("neighbour"),
        *given_up(100, "-EHOSTUNREACH"),
    ]


SCENARIO = Scenario(
    slug="next-hop-gone",
    steps=steps,
    truth={"a": Truth("still-open", "none", (("retransmission-timeout", "client"),))},
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
    varies={"rounds": (1, 5)},
    not_in_sim="the simulator has no Ethernet, and so no neighbours",
)
