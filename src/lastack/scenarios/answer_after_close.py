"""The client closes, and the server answers: the answer is reset.

close() gives up reading as well. The orphan in FIN_WAIT_2 has nobody who could
take the data and resets; the server had been told by end of file. Its second
write fails, the first one did not.
"""

from lastack.scenarios.endgames import told_only_by_writing
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


def steps(*, rounds: int = 1, pause: float = 0.2, answer: int = 200) -> list[Step]:
    """The server ignores end of file and answers `pause` seconds later."""
    return [
        *established(rounds),
        client.send(100),
        client.close().gives("0"),
        server.receive(100, everything=True).gives("100"),
        wait(pause),
        server.send(answer).gives(str(answer)),
        settle(),
        *told_only_by_writing(server),
    ]


SCENARIO = Scenario(
    slug="answer-after-close",
    steps=steps,
    truth={"a": Truth("data-after-close", "client")},
    reasons=("client:TCP_TIMEWAIT_SOCKET",),
    seeds=(3, 18, 22),
    varies={"rounds": (0, 5), "pause": (0.1, 1.0), "answer": (1, 1400)},
)
