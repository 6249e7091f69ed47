"""The server's host lost everything, and its service is up again.

The client writes on a connection from before. A new listener meets a segment of
no connection. On the wire it is the same RST as without a listener, but the
kernel's reason tells that the service is there.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    server_host,
    settle,
    wait,
)


def steps(*, rounds: int = 1, away: float = 0.3, request: int = 100) -> list[Step]:
    """The server listens again before the client writes."""
    return [
        *established(rounds),
        settle(),
        server_host.reboot(),
        server.listen(),
        wait(away),
        client.send(request).gives(str(request)),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="reboot-write-listening",
    steps=steps,
    truth={"a": Truth("peer-lost-state", "server")},
    reasons=("server:TCP_FLAGS",),
    seeds=(15, 22),
    varies={"rounds": (1, 5), "away": (0.2, 1.0), "request": (1, 1400)},
)
