"""TCP_LINGER2 below 0: the ACK of the own FIN is answered by a RST.

The option says that an orphan shall not stay in FIN_WAIT_2 at all. So the
kernel resets as soon as its FIN is acknowledged, and the peer did nothing but
acknowledge.
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
    """The client closes; the server is reset for its ACK."""
    return [
        *established(rounds),
        client.linger2(-1).gives("0"),
        client.close().gives("0"),
        settle(),
        server.receive().gives("0"),
        server.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="linger2-negative",
    steps=steps,
    truth={"a": Truth("orphan-limit", "client")},
    reasons=("client:TCP_ABORT_ON_DATA",),
    counters=("client:TCPAbortOnData",),
    seeds=(3,),
    varies={"rounds": (0, 5)},
)
