"""A server answers with one octet and closes, with the request half read.

The event loop that writes before it has read everything. The answer and the RST
arrive together. On Linux the client can still read the answer and is told
ECONNRESET after it; elsewhere the RST may destroy what was not yet read.
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


def steps(*, request: int = 3000, read: int = 100, answer: int = 1) -> list[Step]:
    """The server reads `read` octets, answers and closes."""
    return [
        *established(),
        client.send(request),
        settle(),
        *answered_and_closed_on_the_rest(server, client, read=read, answer=answer),
        client.send(1).gives("-EPIPE", freebsd="1"),
    ]


SCENARIO = Scenario(
    slug="answer-then-unread-close",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE", "server:TCP_FLAGS"),
    counters=("server:TCPAbortOnClose",),
    seeds=(8, 19),
    varies={"request": (1100, 8000), "read": (1, 1000), "answer": (1, 1400)},
    elsewhere={"freebsd": Truth("data-after-close", "server")},
)
