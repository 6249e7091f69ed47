"""The path is dead and nobody writes: nothing happens, for ever.

TCP sends nothing on an idle connection, so it cannot notice. Both programs wait
in recv(), and only keepalive, or a heartbeat of their own, would tell them.
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


def steps(*, rounds: int = 1, idle: float = 1.0) -> list[Step]:
    """Both read for `idle` seconds, in vain."""
    return [
        *established(rounds),
        settle(),
        network.cut(),
        client.receive().never_returns(),
        server.receive().never_returns(),
        wait(idle),
    ]


SCENARIO = Scenario(
    slug="blackhole-idle",
    steps=steps,
    truth={"a": Truth("still-open", "none")},
    seeds=(15, 16),
    varies={"rounds": (1, 5), "idle": (0.5, 2.0)},
)
