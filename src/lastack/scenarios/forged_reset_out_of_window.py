"""A RST outside the window is ignored without a word.

A RST in a capture that ended nothing: an old one, or a blind guess.
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


def steps(*, rounds: int = 1, behind: int = 5000) -> list[Step]:
    """The RST is `behind` octets too old; the two go on and close."""
    return [
        *established(rounds),
        settle(),
        network.forge("client", "R", seq_offset=-behind),
        settle(),
        *exchange(1),
        *closed_in_order(client, server),
    ]


SCENARIO = Scenario(
    slug="forged-reset-out-of-window",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(22,),
    varies={"rounds": (1, 5), "behind": (1, 1_000_000)},
)
