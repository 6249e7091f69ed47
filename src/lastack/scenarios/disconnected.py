"""connect() to AF_UNSPEC aborts a connection and keeps the socket.

Meant for UDP, it dissolves a TCP connection with a RST. The kernel gives the
same reason as for SO_LINGER {1, 0}, and no counter moves.
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
    """The client disconnects, and may connect anew with the same socket."""
    return [
        *established(rounds),
        settle(),
        client.disconnect().gives("0"),
        server.receive().gives("-ECONNRESET"),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="disconnected",
    steps=steps,
    truth={"a": Truth("socket-destroyed", "client")},
    reasons=("client:TCP_STATE",),
    seeds=(22,),
    varies={"rounds": (0, 5)},
)
