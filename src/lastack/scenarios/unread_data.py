"""close() with received data unread sends a RST, not a FIN.

Data that the peer believes delivered is thrown away, and RFC 2525 2.17 asks
that the peer be told. A server that reads one octet of two and closes resets
the connection although both sides did "everything right"; had it read both, the
close would have been orderly.
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


def steps(*, rounds: int = 1, read: int = 1, unread: int = 1) -> list[Step]:
    """The client sends `read` + `unread` octets; the server takes the first."""
    return [
        *established(rounds),
        client.send(read + unread),
        server.receive(read, everything=True).gives(str(read)),
        settle(),
        server.close().gives("0"),
        settle(),
        client.receive().gives("-ECONNRESET", freebsd="0"),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE", freebsd="1"),
    ]


SCENARIO = Scenario(
    slug="unread-data",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(8, 19),
    varies={"rounds": (0, 5), "read": (1, 1000), "unread": (1, 8000)},
    elsewhere={"freebsd": Truth("data-after-close", "server")},
)
