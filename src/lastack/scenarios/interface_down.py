"""The client's interface goes down under a live connection: ETIMEDOUT.

The connection belongs to the addresses, not to the cable. Had the interface
come back in time, nothing would have been lost. Over IPv6 the error is
ENETUNREACH, after the same time.
"""

from lastack.scenarios.openings import quiet_connection
from lastack.tcp.scenario import Scenario, Step, Truth, client, client_host


def steps(*, rounds: int = 1, retries: int = 3) -> list[Step]:
    """The client writes without a link; tcp_retries2 is `retries`."""
    return [
        *quiet_connection(rounds, retries),
        client_host.unplug("interface"),
        client.send(100).gives("100"),
        client.receive().gives("-ETIMEDOUT", "-ENETUNREACH"),
    ]


SCENARIO = Scenario(
    slug="interface-down",
    steps=steps,
    truth={"a": Truth("still-open", "none", (("retransmission-timeout", "client"),))},
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
    varies={"rounds": (1, 5)},
)
