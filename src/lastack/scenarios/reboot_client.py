"""The client's host reboots; the server's answer is reset.

A server that pushes, or answers slowly, finds out with its next write. One that
only waits for requests keeps a dead connection for ever.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client_host,
    established,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1, away: float = 0.3, answer: int = 200) -> list[Step]:
    """The server writes `away` seconds after the client's power cut."""
    return [
        *established(rounds),
        settle(),
        client_host.reboot(),
        wait(away),
        server.send(answer).gives(str(answer)),
        server.receive().gives("-ECONNRESET"),
        server.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="reboot-client",
    steps=steps,
    truth={"a": Truth("peer-lost-state", "client")},
    reasons=("client:NO_SOCKET",),
    seeds=(15,),
    varies={"rounds": (1, 5), "away": (0.2, 1.0), "answer": (1, 1400)},
)
