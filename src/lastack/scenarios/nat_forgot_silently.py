"""A NAT forgot the idle connection and drops: retransmissions only.

The first use after a long silence hangs until TCP gives up, 15 minutes by
default, and nobody says a word. New connections work at the same time.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    client_host,
    established,
    network,
    wait,
)


def steps(*, rounds: int = 1, idle: float = 0.3, retries: int = 3) -> list[Step]:
    """The box loses its table and drops; tcp_retries2 is `retries`."""
    return [
        client_host.sysctl("tcp_retries2", retries),
        network.track("drop"),
        *established(rounds),
        wait(idle),
        network.forget(),
        client.send(100).gives("100"),
        client.receive().gives("-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="nat-forgot-silently",
    steps=steps,
    truth={
        "a": Truth(
            "retransmission-timeout", "client", at={"server": ("still-open", "none")}
        )
    },
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
    wire=Wire(routed=True),
    varies={"rounds": (1, 5), "idle": (0.2, 1.0)},
)
