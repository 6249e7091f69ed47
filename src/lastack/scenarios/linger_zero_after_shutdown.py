"""shutdown(WR), SO_LINGER 0, close() in one go: a FIN, a RST behind it.

All was read. A close() with unread data after shutdown() looks the same, and so
does a host that has no room for orphans.
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
    """The client is done, and lets go of the connection by three calls."""
    return [
        *established(rounds),
        settle(),
        client.linger(0).gives("0"),
        client.shutdown("WR").gives("0"),
        client.close().gives("0"),
        settle(),
        server.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="linger-zero-after-shutdown",
    steps=steps,
    truth={"a": Truth("linger-zero", "client")},
    reasons=("client:TCP_STATE",),
    counters=("client:TCPAbortOnData",),
    seeds=(9,),
    varies={"rounds": (0, 5)},
)
