"""With TCP_USER_TIMEOUT set, keepalive gives up by time, not by count.

The number of probes is ignored; the first probe after the timeout is over ends
the connection.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    network,
    settle,
)


def steps(*, rounds: int = 1, timeout: float = 1.5) -> list[Step]:
    """Nine probes would be allowed; `timeout` comes first."""
    return [
        *established(rounds),
        *client.keepalive(1, 1, 9),
        client.user_timeout(timeout),
        settle(),
        network.cut(),
        client.receive().gives("-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="keepalive-user-timeout",
    steps=steps,
    truth={
        "a": Truth("keepalive-timeout", "client", at={"server": ("still-open", "none")})
    },
    reasons=("client:TCP_KEEPALIVE_TIMEOUT",),
    counters=("client:TCPAbortOnTimeout",),
    seeds=(15, 16),
    varies={"rounds": (0, 5), "timeout": (1.2, 2.8)},
)
