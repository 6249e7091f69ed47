"""A sender closes before a shut window, and then the peer is silent too.

The orphan probes tcp_orphan_retries times, 8 by default, and is forgotten. No
program knows that data was lost; the peer's host sees nothing at all.
"""

from lastack.scenarios.openings import closed_window
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    network,
    wait,
)


def steps(*, retries: int = 3) -> list[Step]:
    """The path dies after the client's close(); tcp_orphan_retries is `retries`."""
    return [
        client_host.sysctl("tcp_orphan_retries", retries),
        *closed_window(),
        client.close().gives("0"),
        network.cut(),
        wait(12.0),
    ]


SCENARIO = Scenario(
    slug="zero-window-orphan-silent",
    steps=steps,
    truth={
        "a": Truth(
            "zero-window-stall",
            "server",
            (("retransmission-timeout", "client"),),
        )
    },
    counters=("client:TCPAbortOnTimeout",),
    seeds=(11, 16),
)
