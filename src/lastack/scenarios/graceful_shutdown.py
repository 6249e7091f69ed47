"""A server that is asked to end half-closes its idle connections.

On SIGTERM it stops listening, says shutdown(WR) on each kept-alive connection
and waits for the clients' FINs. Nobody sees an error.
"""

from lastack.scenarios.openings import connected
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    exchange,
    server,
    wait,
)


def steps(*, rounds: int = 1, pause: float = 0.2) -> list[Step]:
    """Two idle clients notice the end `pause` seconds later."""
    names = ("a", "b")
    return [
        *established(rounds),
        *connected("b"),
        *exchange(rounds, name="b"),
        server.close("listener"),
        *(server.shutdown("WR", name) for name in names),
        wait(pause),
        *(client.receive(name=name).gives("0") for name in names),
        *(client.close(name) for name in names),
        *(server.receive(name=name).gives("0") for name in names),
        *(server.close(name) for name in names),
    ]


SCENARIO = Scenario(
    slug="graceful-shutdown",
    steps=steps,
    truth={
        "a": Truth("orderly-close", "server"),
        "b": Truth("orderly-close", "server"),
    },
    seeds=(2, 6, 20),
    varies={"rounds": (1, 5), "pause": (0.1, 1.0)},
)
