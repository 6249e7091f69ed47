"""A firewall rejects on the way back; the server is told, not the client.

The server's answer is reset by the box and its program sees ECONNRESET. The
client's kernel never hears of it; its program waits.
"""

from lastack.scenarios.openings import request_read
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    network,
    server,
    settle,
)


def steps(*, rounds: int = 1, answer: int = 200) -> list[Step]:
    """The rule comes into force between request and answer."""
    return [
        *request_read(rounds),
        settle(),
        network.reject("client", "tcp-reset"),
        server.send(answer).gives(str(answer)),
        settle(),
        server.receive().gives("-ECONNRESET"),
        client.poll().gives("POLLOUT"),
    ]


SCENARIO = Scenario(
    slug="firewall-rejects-answer",
    steps=steps,
    truth={
        "a": Truth(
            "firewall-reset",
            "path",
            at={"client": ("still-open", "none"), "wire": ("still-open", "none")},
        )
    },
    seeds=(22,),
    wire=Wire(routed=True),
    varies={"rounds": (1, 5), "answer": (1, 1400)},
)
