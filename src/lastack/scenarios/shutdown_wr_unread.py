"""shutdown(WR), then close() with unread data: FIN first, then RST.

The peer's recv() says end of file and no error, since the RST meets a
connection in CLOSE_WAIT; only a write tells, with EPIPE. To end well, read to
the end between the two calls.
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
    """The server half-closes and closes without having read the request."""
    return [
        *established(rounds),
        client.send(unread),
        settle(),
        server.shutdown("WR").gives("0"),
        settle(),
        server.close().gives("0"),
        settle(),
        client.receive().gives("0", illumos="-ECONNRESET"),
        client.send(1).gives("-EPIPE", freebsd="1"),
    ]


SCENARIO = Scenario(
    slug="shutdown-wr-unread",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(20,),
    varies={"rounds": (0, 5), "unread": (1, 8000)},
    elsewhere={"freebsd": Truth("data-after-close", "server")},
)
