"""An urgent octet was read with MSG_OOB, and close() resets all the same.

On Linux the octet keeps its place in the queue although it was taken. Read past
it, or set SO_OOBINLINE.
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


def steps(*, rounds: int = 1) -> list[Step]:
    """The server reads the urgent octet, the only one there is, and closes."""
    return [
        *established(rounds),
        client.send(1, out_of_band=True).gives("1"),
        settle(),
        server.receive(1, out_of_band=True).gives("1"),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="urgent-data-read",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    seeds=(8,),
    varies={"rounds": (0, 5)},
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
)
