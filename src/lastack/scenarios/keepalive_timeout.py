"""Keepalive probes go unanswered, and the prober resets what is left.

An idle connection whose peer has vanished lives for ever, unless keepalive is
on: by default after two hours of silence nine probes, 75 s apart, and then a
RST that reaches nobody.
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


def steps(*, rounds: int = 1, count: int = 2) -> list[Step]:
    """The path dies while nobody writes; `count` probes, a second apart."""
    return [
        *established(rounds),
        *client.keepalive(1, 1, count),
        settle(),
        network.cut(),
        client.receive().gives("-ETIMEDOUT"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="keepalive-timeout",
    steps=steps,
    truth={
        "a": Truth("keepalive-timeout", "client", at={"server": ("still-open", "none")})
    },
    reasons=("client:TCP_KEEPALIVE_TIMEOUT",),
    counters=("client:TCPAbortOnTimeout", "client:TCPKeepAlive"),
    seeds=(15, 16),
    varies={"rounds": (0, 5), "count": (2, 4)},
)
