"""A server crashes: clients see an end, and the next connect() is refused.

The first connection ended in order; that the service is gone shows only in the
second one.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1, pause: float = 0.2) -> list[Step]:
    """The client connects again `pause` seconds after the crash."""
    return [
        *established(rounds),
        settle(),
        server.kill(),
        client.receive().gives("0", windows="-ECONNRESET"),
        client.close(),
        wait(pause),
        client.connect("b").gives("-ECONNREFUSED"),
    ]


SCENARIO = Scenario(
    slug="crash-and-reconnect",
    steps=steps,
    truth={
        "a": Truth("orderly-close", "server"),
        "b": Truth("connection-refused", "server"),
    },
    reasons=("server:NO_SOCKET",),
    seeds=(4,),
    varies={"rounds": (0, 5), "pause": (0.1, 1.0)},
    elsewhere={"windows": Truth("linger-zero", "server")},
)
