"""After a FIN, a RST with the FIN's own number is accepted (RFC 5961).

The sender of such a RST had not counted its FIN. macOS does so, and Linux is
lenient. The reader had been told of the end and sees no error.
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


def steps(*, rounds: int = 1) -> list[Step]:
    """The server half-closes; a forged RST repeats its number."""
    return [
        *established(rounds),
        server.shutdown("WR"),
        settle(),
        network.forge("client", "R", seq_offset=-1),
        settle(),
        client.receive().gives("0"),
        client.error().gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="forged-reset-after-fin",
    steps=steps,
    truth={
        "a": Truth(
            "injected-reset", "path", at={"server": ("fin-unanswered", "client")}
        )
    },
    seeds=(22,),
    varies={"rounds": (1, 5)},
)
