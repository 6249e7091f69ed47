"""A third party forges a RST with the right number; only one side is told.

The client's connection is gone, the server goes on: its next data is answered
by the client's own kernel with a RST. The forged one differs in TTL and flags
of IP from all that the server ever sent, and answers no segment.
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


def steps(*, rounds: int = 1, ttl: int = 57, pause: float = 0.2) -> list[Step]:
    """The server writes `pause` seconds after the forgery."""
    return [
        *established(rounds),
        settle(),
        network.forge("client", "R", ttl=ttl),
        settle(),
        client.receive().gives("-ECONNRESET"),
        wait(pause),
        server.send(100).gives("100"),
        settle(),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="forged-reset",
    steps=steps,
    truth={
        "a": Truth(
            "injected-reset", "path", at={"server": ("peer-lost-state", "client")}
        )
    },
    reasons=("client:NO_SOCKET",),
    seeds=(22,),
    varies={"rounds": (1, 5), "ttl": (40, 60), "pause": (0.1, 1.0)},
)
