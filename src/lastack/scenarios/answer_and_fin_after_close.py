"""Answer and FIN come in one segment to a client that has closed: one RST.

The server did everything right and too late. Its close() returned 0, and it
will never learn that the answer was refused.
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


def steps(*, rounds: int = 1, pause: float = 0.2, answer: int = 200) -> list[Step]:
    """The server answers in two writes and closes, after the client did."""
    return [
        *established(rounds),
        client.close().gives("0"),
        wait(pause),
        server.send(answer).gives(str(answer)),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="answer-and-fin-after-close",
    steps=steps,
    truth={"a": Truth("data-after-close", "client")},
    reasons=("client:TCP_TIMEWAIT_SOCKET", "client:NO_SOCKET"),
    seeds=(3,),
    varies={"rounds": (0, 5), "pause": (0.1, 1.0), "answer": (1, 1400)},
)
