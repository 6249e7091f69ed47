"""The client's own route disappears: its segments do not leave the host.

A VPN went down. The program sees ETIMEDOUT, as if the peer were silent, or over
IPv6 ENETUNREACH when the time is over; no capture shows a retransmission.
"""

from lastack.scenarios.openings import quiet_connection
from lastack.tcp.scenario import Scenario, Step, Truth, client, client_host


def steps(*, rounds: int = 1, retries: int = 3) -> list[Step]:
    """The client writes without a route; tcp_retries2 is `retries`."""
    return [
        *quiet_connection(rounds, retries),
        client_host.unplug("route"),
        client.send(100).gives("100"),
        client.receive().gives("-ETIMEDOUT", "-ENETUNREACH"),
    ]


SCENARIO = Scenario(
    slug="route-removed",
    steps=steps,
    truth={"a": Truth("still-open", "none", (("retransmission-timeout", "client"),))},
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
    varies={"rounds": (1, 5)},
)
