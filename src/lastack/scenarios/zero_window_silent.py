"""The reader stops, then vanishes: probes without answers, then ETIMEDOUT.

While the probes of a closed window are answered they go on for ever; without
answers they count against tcp_retries2 like any retransmission.
"""

from lastack.scenarios.openings import closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, client_host, network


def steps(*, retries: int = 2) -> list[Step]:
    """The path dies behind the closed window; tcp_retries2 is `retries`."""
    return [
        client_host.sysctl("tcp_retries2", retries),
        *closed_window(),
        network.cut(),
        client.receive().gives("-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="zero-window-silent",
    steps=steps,
    truth={
        "a": Truth(
            "zero-window-stall",
            "server",
            (("retransmission-timeout", "client"),),
            at=dict.fromkeys(("client", "wire"), ("zero-window-stall", "server")),
        )
    },
    counters=("client:TCPAbortOnTimeout",),
    seeds=(11, 16),
)
