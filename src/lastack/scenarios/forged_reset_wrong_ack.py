"""A forged RST whose ACK field is nonsense kills all the same on Linux.

Only the sequence number of a RST is checked in an established connection.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    network,
    settle,
)


def steps(*, rounds: int = 1, ack_offset: int = 1_000_000) -> list[Step]:
    """The RST acknowledges what was never sent."""
    return [
        *established(rounds),
        settle(),
        network.forge("client", "R.", ack_offset=ack_offset),
        settle(),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="forged-reset-wrong-ack",
    steps=steps,
    truth={"a": Truth("injected-reset", "path", at={"server": ("still-open", "none")})},
    seeds=(22,),
    varies={"rounds": (1, 5), "ack_offset": (1000, 1_000_000)},
)
