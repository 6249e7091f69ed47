"""A box on the path resets both sides, pretending to be each of them.

Each side sees a RST which the other never sent. Commercial filters and load
balancers end idle connections like this, at the instant of their timeout and
with no segment that provoked it.
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
    wait,
)


def steps(*, rounds: int = 1, idle: float = 0.3, ttl: int = 57) -> list[Step]:
    """After `idle` seconds of silence both are reset."""
    return [
        *established(rounds),
        wait(idle),
        network.forge("client", "R.", ttl=ttl),
        network.forge("server", "R.", ttl=ttl),
        settle(),
        client.receive().gives("-ECONNRESET"),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="forged-reset-both",
    steps=steps,
    truth={"a": Truth("injected-reset", "path")},
    seeds=(22,),
    varies={"rounds": (1, 5), "idle": (0.2, 1.0), "ttl": (40, 60)},
)
