"""A blind RST that only hits the window is challenged, and nothing ends.

RFC 5961: the number must be exact. The challenge ACK asks the real peer, which
would answer with an exact RST if it had lost the connection.
"""

from lastack.scenarios.endgames import closed_in_order
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    exchange,
    network,
    server,
    settle,
)


def steps(*, rounds: int = 1, guess: int = 1000) -> list[Step]:
    """The RST misses by `guess`; the two go on and close."""
    return [
        *established(rounds),
        settle(),
        network.forge("client", "R", seq_offset=guess),
        settle(),
        *exchange(1),
        *closed_in_order(client, server),
    ]


SCENARIO = Scenario(
    slug="forged-reset-in-window",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    counters=("client:TCPChallengeACK",),
    seeds=(22,),
    varies={"rounds": (1, 5), "guess": (1, 30_000)},
)
