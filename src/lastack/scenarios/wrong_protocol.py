"""Spoken to in another protocol, a server says so and closes: a RST.

A browser at an SSH port: the server reads the first line of the request, says
what it thinks of it and closes. The rest of the request is unread.
"""

from lastack.scenarios.endgames import answered_and_closed_on_the_rest
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
)


def steps(
    *, banner: int = 40, request: int = 80, line: int = 16, error: int = 35
) -> list[Step]:
    """The server reads the `line` and closes on the rest of the `request`."""
    return [
        *established(),
        server.send(banner),
        client.send(request),
        settle(),
        *answered_and_closed_on_the_rest(
            server, client, read=line, answer=error, unread=banner
        ),
    ]


SCENARIO = Scenario(
    slug="wrong-protocol",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE", "server:TCP_FLAGS"),
    counters=("server:TCPAbortOnClose",),
    seeds=(8,),
    # FreeBSD closes with a FIN, whatever is unread.
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
    varies={
        "banner": (20, 200),
        "request": (60, 1400),
        "line": (1, 50),
        "error": (10, 200),
    },
)
