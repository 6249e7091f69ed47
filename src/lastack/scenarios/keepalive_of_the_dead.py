"""Keepalive towards a dead program is answered by its socket's remains.

The server was killed and its FIN ignored. Its orphan in FIN_WAIT_2 still
acknowledges probes, so that keepalive calls a connection alive whose program
has ended a while ago.
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


def steps(*, rounds: int = 1, idle: float = 2.5) -> list[Step]:
    """The client probes every second for `idle` seconds and reads nothing."""
    return [
        *established(rounds),
        *client.keepalive(1, 1, 2),
        server.kill(),
        wait(idle),
        client.poll().gives("POLLIN|POLLOUT|POLLRDHUP"),
    ]


SCENARIO = Scenario(
    slug="keepalive-of-the-dead",
    steps=steps,
    truth={"a": Truth("fin-unanswered", "client")},
    counters=("client:TCPKeepAlive",),
    seeds=(1, 15, 17),
    varies={"rounds": (1, 5), "idle": (1.5, 3.5)},
    elsewhere={
        "windows": Truth("linger-zero", "server"),
    },
)
