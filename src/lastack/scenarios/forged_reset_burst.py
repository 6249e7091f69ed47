"""A censor's burst: several RSTs, a segment apart, after a request.

An injector beside the path does not know how much has arrived meanwhile, so it
tries several numbers. One fits; others are answered by a challenge ACK. The
real answer arrives after the end.
"""

from lastack.scenarios.openings import request_read
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    network,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1, answer: int = 500) -> list[Step]:
    """Three RSTs reach the client between its request and the answer."""
    return [
        *request_read(rounds),
        *(network.forge("client", "R", seq_offset=it) for it in (0, 1460, 4380)),
        wait(0.02),
        server.send(answer),
        settle(),
        client.receive().gives("-ECONNRESET"),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="forged-reset-burst",
    steps=steps,
    truth={
        "a": Truth(
            "injected-reset", "path", at={"server": ("peer-lost-state", "client")}
        )
    },
    reasons=("client:NO_SOCKET",),
    seeds=(22,),
    varies={"rounds": (0, 5), "answer": (1, 1400)},
)
