"""After shutdown(WR) the other side may go on sending, for hours.

The FIN says "I shall send no more", not "go away". The server reads end of
file, and still answers with data that is accepted and read; then it closes in
its turn. Whoever calls close() instead gives up the right to the answer.
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


def steps(*, rounds: int = 1, pause: float = 0.3, answer: int = 3000) -> list[Step]:
    """The server answers `pause` seconds after the client's FIN."""
    return [
        *established(rounds),
        client.send(100),
        client.shutdown("WR").gives("0"),
        server.receive(100, everything=True).gives("100"),
        server.receive().gives("0"),
        wait(pause),
        server.send(answer).gives(str(answer)),
        client.receive(answer, everything=True).gives(str(answer)),
        client.send(1).gives("-EPIPE"),
        server.close().gives("0"),
        client.receive().gives("0"),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="half-close",
    steps=steps,
    truth={"a": Truth("half-close", "client")},
    seeds=(14, 18),
    varies={"rounds": (0, 5), "pause": (0.1, 1.0), "answer": (1, 20000)},
)
