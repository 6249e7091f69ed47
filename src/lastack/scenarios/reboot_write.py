"""The server loses power and comes back; the client's write is reset.

The connection is half-open: the client's kernel still has it, the server's has
never heard of it. Nothing tells the client until it writes. The write itself
succeeds, the RST comes one round trip later, and the next read fails.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server_host,
    settle,
    wait,
)


def steps(*, rounds: int = 1, away: float = 0.3, request: int = 100) -> list[Step]:
    """The server's host is `away` seconds before the client writes."""
    return [
        *established(rounds),
        settle(),
        server_host.reboot(),
        wait(away),
        client.send(request).gives(str(request)),
        client.receive().gives("-ECONNRESET"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="reboot-write",
    steps=steps,
    truth={"a": Truth("peer-lost-state", "server")},
    reasons=("server:NO_SOCKET",),
    seeds=(15, 22),
    varies={"rounds": (1, 5), "away": (0.2, 1.0), "request": (1, 1400)},
)
