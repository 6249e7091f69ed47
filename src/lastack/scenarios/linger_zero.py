"""SO_LINGER {1, 0} turns close() into an abort: a RST at once.

Nothing is waited for, TIME_WAIT is not entered, and what the peer has not yet
received is lost. Linux counts it as TCPAbortOnData and names the reason
TCP_STATE, neither of which says "linger".
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


def steps(*, rounds: int = 1, request: int = 100, response: int = 200) -> list[Step]:
    """The client aborts after `rounds` of requests and responses, all read."""
    return [
        *established(rounds, request, response),
        settle(),
        client.linger(0).gives("0"),
        client.close().gives("0"),
        settle(),
        server.receive().gives("-ECONNRESET"),
        server.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="linger-zero",
    steps=steps,
    truth={"a": Truth("linger-zero", "client")},
    reasons=("client:TCP_STATE",),
    counters=("client:TCPAbortOnData",),
    seeds=(9,),
    varies={"rounds": (0, 5), "request": (1, 1400), "response": (1, 8000)},
)
