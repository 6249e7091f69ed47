"""An idle server half-closes, and the request which crosses is still read.

close() would have reset it. After shutdown(WR) the server can no longer answer,
but it knows that a request came, and the client sees an end and no error: it
may safely send the request again elsewhere.
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


def steps(*, rounds: int = 1, idle: float = 0.3, request: int = 100) -> list[Step]:
    """FIN and request leave at the same instant after `idle` seconds."""
    return [
        *established(rounds),
        wait(idle),
        server.shutdown("WR").gives("0"),
        client.send(request).gives(str(request)),
        server.receive(request, everything=True).gives(str(request)),
        client.receive().gives("0"),
        client.close().gives("0"),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="idle-race-half-close",
    steps=steps,
    truth={"a": Truth("half-close", "server", (("orderly-close", "server"),))},
    seeds=(2,),
    varies={"rounds": (1, 5), "idle": (0.2, 1.0), "request": (1, 1400)},
    least_delay=0.005,
)
