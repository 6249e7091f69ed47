"""The second closer aborts: FIN from one side, RST from the other.

The first closer waits in FIN_WAIT_2 for a FIN and gets a RST, which no program
is left to see.
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
    """The client closes; the server reads end of file and aborts."""
    return [
        *established(rounds),
        client.close().gives("0"),
        server.receive().gives("0"),
        settle(),
        server.linger(0),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="linger-zero-close-wait",
    steps=steps,
    truth={"a": Truth("linger-zero", "server")},
    reasons=("server:TCP_STATE",),
    counters=("server:TCPAbortOnData",),
    seeds=(9,),
    varies={"rounds": (0, 5)},
)
