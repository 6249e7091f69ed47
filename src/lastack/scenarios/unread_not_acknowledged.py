"""The RST acknowledges data that no ACK had covered: it was unread.

The server closes in the moment in which the request comes, within the 40 ms for
which its ACK is delayed. The RST's own number is ahead of the last ACK,
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
)


def steps(*, rounds: int = 2, request: int = 300) -> list[Step]:
    """The server looks at the request when it comes, and takes nothing of it."""
    return [
        *established(rounds),
        settle(),
        client.send(request),
        server.receive(request, peek=True).gives(str(request)),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="unread-not-acknowledged",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    seeds=(8,),
    varies={"rounds": (2, 5), "request": (1, 1400)},
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
)
