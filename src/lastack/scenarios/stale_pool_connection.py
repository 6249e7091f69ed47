"""A pooled connection is used after the server has closed it.

The server's FIN came while nobody looked: the pool did not read. The request
goes out, since send() succeeds, and the RST comes back. Linux then says end of
file, not ECONNRESET; a pool should ask before it lends.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1, idle: float = 0.5, request: int = 100) -> list[Step]:
    """The server closes at once; the client sends after `idle` seconds."""
    return [
        *established(rounds),
        server.close().gives("0"),
        wait(idle),
        client.poll().gives("POLLIN|POLLOUT|POLLRDHUP"),
        client.send(request).gives(str(request)),
        settle(),
        client.receive().gives("0", illumos="-ECONNRESET"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="stale-pool-connection",
    steps=steps,
    truth={"a": Truth("data-after-close", "server")},
    reasons=("server:TCP_TIMEWAIT_SOCKET",),
    seeds=(2, 22),
    varies={"rounds": (1, 5), "idle": (0.2, 2.0), "request": (1, 1400)},
)
