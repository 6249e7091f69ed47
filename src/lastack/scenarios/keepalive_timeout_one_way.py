"""Only the way back is dead: probes arrive, answers do not, then a RST.

The server sees healthy probes, answers each, and is then reset with ECONNRESET
by a client that believes it dead.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    network,
    server,
    settle,
)


def steps(*, rounds: int = 1, count: int = 2) -> list[Step]:
    """Nothing reaches the client any more; what it sends arrives."""
    return [
        *established(rounds),
        *client.keepalive(1, 1, count),
        settle(),
        network.cut("client"),
        client.receive().gives("-ETIMEDOUT"),
        settle(),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="keepalive-timeout-one-way",
    steps=steps,
    truth={"a": Truth("keepalive-timeout", "client")},
    reasons=("client:TCP_KEEPALIVE_TIMEOUT",),
    counters=("client:TCPAbortOnTimeout",),
    seeds=(15, 22),
    varies={"rounds": (0, 5), "count": (2, 4)},
)
