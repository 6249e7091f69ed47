"""The server's host begins to reject in the middle of a connection.

The client is reset; the server's socket knows nothing and, when it sends by
itself, is reset in its turn. That it goes on shows that it did not send the
first RST.
"""

from lastack.scenarios.endgames import only_the_writer_is_reset
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    established,
    server,
    server_host,
    settle,
)


def steps(*, rounds: int = 1, request: int = 100) -> list[Step]:
    """The rule comes into force before the request."""
    return [
        *established(rounds),
        settle(),
        server_host.reject("tcp-reset"),
        *only_the_writer_is_reset(request),
        server.send(100).gives("100"),
    ]


SCENARIO = Scenario(
    slug="host-firewall-rejects",
    steps=steps,
    truth={"a": Truth("firewall-reset", "path")},
    reasons=("client:NO_SOCKET",),
    seeds=(22,),
    varies={"rounds": (1, 5), "request": (1, 1400)},
)
