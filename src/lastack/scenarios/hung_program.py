"""A program hangs, its kernel goes on: data is acknowledged, no answer.

A deadlock, a debugger, a SIGSTOP. Keepalive is answered as well. TCP knows only
that the host lives; a heartbeat of the programs would know more.
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


def steps(*, rounds: int = 1, request: int = 2000, patience: float = 2.3) -> list[Step]:
    """The server hangs; the client waits for `patience` seconds."""
    return [
        *established(rounds),
        *client.keepalive(1, 1, 2),
        server.stop(),
        client.send(request).gives(str(request)),
        client.receive().never_returns(),
        wait(patience),
    ]


SCENARIO = Scenario(
    slug="hung-program",
    steps=steps,
    truth={"a": Truth("still-open", "none")},
    counters=("client:TCPKeepAlive",),
    seeds=(22,),
    varies={"rounds": (0, 5), "request": (1, 8000)},
)
