"""A client reads end of file and does nothing: FIN_WAIT_2 for ever.

The "dnc" of the articles before it writes. The server half-closed properly and
keeps its socket, so that FIN_WAIT_2 has no timer; both wait for ever.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    wait,
)


def steps(*, rounds: int = 1, pause: float = 1.0) -> list[Step]:
    """The server says that it is done; the client never closes."""
    return [
        *established(rounds),
        server.shutdown("WR").gives("0"),
        client.receive().gives("0"),
        server.receive().never_returns(),
        wait(pause),
        client.receive().gives("0"),
    ]


SCENARIO = Scenario(
    slug="client-ignores-end",
    steps=steps,
    truth={"a": Truth("fin-unanswered", "client")},
    seeds=(17, 18),
    varies={"rounds": (0, 5), "pause": (0.2, 2.0)},
)
