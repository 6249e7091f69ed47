"""The peer sent data and a FIN; close() with that unread is still a RST.

Both sides wanted to close, and one of them is told of an error. Linux answers
from CLOSE_WAIT; the RST acknowledges the FIN as well.
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


def steps(*, rounds: int = 1, unread: int = 300) -> list[Step]:
    """The client sends and half-closes; the server closes without reading."""
    return [
        *established(rounds),
        client.send(unread),
        client.shutdown("WR"),
        settle(),
        server.close().gives("0"),
        settle(),
        client.receive().gives("-ECONNRESET", freebsd="0"),
        client.close(),
    ]


SCENARIO = Scenario(
    slug="unread-data-after-fin",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(8, 20),
    varies={"rounds": (0, 5), "unread": (1, 8000)},
    elsewhere={"freebsd": Truth("orderly-close", "client")},
)
