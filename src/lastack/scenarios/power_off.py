"""The server loses power and stays off: the client's write meets silence.

The first half is the reboot's: the write succeeds. But nobody answers, not even
with a RST, and ETIMEDOUT comes after 15 minutes on Linux and 5 on illumos.
"""

from lastack.scenarios.openings import quiet_connection
from lastack.tcp.scenario import Scenario, Step, Truth, client, server_host


def steps(*, rounds: int = 1, request: int = 100, retries: int = 3) -> list[Step]:
    """The server's host is off; tcp_retries2 is `retries`."""
    return [
        *quiet_connection(rounds, retries),
        server_host.vanish(),
        client.send(request).gives(str(request)),
        client.receive().gives("-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="power-off",
    steps=steps,
    truth={
        "a": Truth(
            "retransmission-timeout", "client", at={"server": ("still-open", "none")}
        )
    },
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
    varies={"rounds": (1, 5), "request": (1, 1400)},
)
