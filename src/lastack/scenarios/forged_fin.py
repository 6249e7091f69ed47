"""A third party forges a FIN; the real peer's next data is then reset.

The client reads an end that nobody made. What the server sends overlaps the
forged FIN, and the client's kernel answers with a RST of its own, though its
program did nothing.
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


def steps(*, rounds: int = 1, data: int = 200) -> list[Step]:
    """The server knows nothing of the FIN and writes."""
    return [
        *established(rounds),
        settle(),
        network.forge("client", "F."),
        settle(),
        client.receive().gives("0"),
        server.send(data).gives(str(data)),
        settle(),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="forged-fin",
    steps=steps,
    truth={
        "a": Truth(
            "injected-reset",
            "path",
            (("peer-lost-state", "client"),),
            at={"server": ("peer-lost-state", "client")},
        )
    },
    reasons=("client:TCP_ABORT_ON_DATA",),
    seeds=(22,),
    varies={"rounds": (1, 5), "data": (2, 1400)},
)
