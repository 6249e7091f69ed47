"""SIGKILL with received data unread is a RST, not a FIN.

The kernel closes for the dead program and finds what it had not read. So the
same kill shows as FIN or as RST, by chance of what had just arrived.
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
    """The server is killed while `unread` octets lie in its queue."""
    return [
        *established(rounds),
        client.send(unread),
        settle(),
        server.kill(),
        client.receive().gives("-ECONNRESET", freebsd="0"),
        client.receive().gives("0"),
    ]


SCENARIO = Scenario(
    slug="killed-with-unread-data",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(1, 4, 8),
    varies={"rounds": (0, 5), "unread": (1, 8000)},
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
)
