"""A server greets with one octet and closes before the request arrives.

The same program as with an unread request, a few milliseconds earlier: nothing
was unread yet, so it sends a FIN, and the request that follows is reset. Which
of the two one sees is a race.
"""

from lastack.scenarios.endgames import told_only_by_writing
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    established,
    server,
    settle,
)


def steps(*, request: int = 300) -> list[Step]:
    """The server acts when accept() returns; the request is still on its way."""
    return [
        *established(),
        client.send(request).gives(str(request)),
        server.send(1).gives("1"),
        server.close().gives("0"),
        settle(),
        client.receive(1).gives("1"),
        *told_only_by_writing(client),
    ]


SCENARIO = Scenario(
    slug="close-before-request",
    steps=steps,
    truth={"a": Truth("data-after-close", "server")},
    reasons=("server:TCP_ABORT_ON_DATA", "server:TCP_FLAGS"),
    counters=("server:TCPAbortOnData",),
    seeds=(6, 8),
    wire=Wire(delay=0.02),
    varies={"request": (1, 1400)},
    least_delay=0.005,
)
