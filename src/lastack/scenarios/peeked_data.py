"""Data that was only peeked at is unread: close() resets.

MSG_PEEK shows and does not take. A proxy that peeks to choose a backend and
then refuses the client resets it.
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


def steps(*, rounds: int = 1, request: int = 300) -> list[Step]:
    """The server has seen every octet and taken none."""
    return [
        *established(rounds),
        client.send(request),
        settle(),
        server.receive(request, peek=True).gives(str(request)),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="peeked-data",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    seeds=(8,),
    varies={"rounds": (0, 5), "request": (1, 1400)},
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
)
