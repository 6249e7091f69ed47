"""A server reads a whole request and aborts without an answer.

Load shedders do. Had it not read the request, close() would have sent the same
RST: no packet tells the two apart, and a request without an answer is no proof
of unread data.
"""

from lastack.scenarios.endgames import aborted
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    wait,
)


def steps(*, rounds: int = 0, request: int = 300, pause: float = 0.1) -> list[Step]:
    """The server reads `request` octets, and `pause` seconds later aborts."""
    return [
        *established(rounds),
        client.send(request),
        server.receive(request, everything=True).gives(str(request)),
        wait(pause),
        *aborted(server, client),
    ]


SCENARIO = Scenario(
    slug="linger-zero-request-read",
    steps=steps,
    truth={"a": Truth("linger-zero", "server")},
    reasons=("server:TCP_STATE",),
    counters=("server:TCPAbortOnData",),
    seeds=(9,),
    varies={"rounds": (0, 2), "request": (1, 8000), "pause": (0.05, 0.5)},
)
