"""A server that closes without reading the request resets it.

Nothing was read at all: an overloaded worker that gives up, a filter that
closes by the address alone. The answer to a request which was never looked at
is "connection reset by peer".
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
)


def steps(*, request: int = 300) -> list[Step]:
    """The request lies in the server's queue when the server closes."""
    return [
        *established(),
        client.send(request).gives(str(request)),
        settle(),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="unread-request",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(8,),
    varies={"request": (1, 8000)},
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
)
