"""The RST acknowledges data that no ACK had covered: it was unread.

The server closes a few milliseconds after the request came, within the 40 ms
for which its ACK is delayed. The RST's own number is ahead of the last ACK,
which a close after reading would also show, but not so soon.
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


def steps(*, rounds: int = 2, request: int = 300) -> list[Step]:
    """The request arrives 10 ms after it was sent; the close comes at 13 ms."""
    return [
        *established(rounds),
        settle(),
        client.send(request),
        wait(0.013),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="unread-not-acknowledged",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    seeds=(8,),
    varies={"rounds": (1, 5), "request": (1, 1400)},
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
)
