"""An old segment comes after the end: TIME_WAIT sends an ACK, not a RST.

The other side's kernel has forgotten the connection and resets that ACK, which
ends the TIME_WAIT before its time. Neither changes how the connection ended.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    network,
    server,
    settle,
)


def steps(*, rounds: int = 1, payload: int = 100) -> list[Step]:
    """A delayed duplicate of the client's data reaches the server."""
    return [
        *established(rounds),
        server.close(),
        client.receive().gives("0"),
        client.close(),
        settle(),
        network.forge("server", ".", seq_offset=-payload, payload=payload),
    ]


SCENARIO = Scenario(
    slug="time-wait-late-data",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    reasons=("client:NO_SOCKET",),
    seeds=(14,),
    varies={"rounds": (1, 5), "payload": (1, 100)},
)
