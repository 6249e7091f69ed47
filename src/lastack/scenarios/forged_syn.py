"""A forged SYN on a living connection: a challenge ACK, and it lives on.

RFC 793 let it reset the connection; RFC 5961 has the receiver answer with an
ACK and forget it. A peer that did send the SYN, after a reboot, would reset
what the ACK tells it of.
"""

from lastack.scenarios.endgames import closed_in_order
from lastack.tcp.scenario import (
    Scenario,
    Step,
    client,
    established,
    exchange,
    network,
    server,
    settle,
)


def steps(*, rounds: int = 1) -> list[Step]:
    """A third party forges a SYN to the server, which goes on as before."""
    return [
        *established(rounds),
        settle(),
        network.forge("server", "S"),
        settle(),
        *exchange(1),
        *closed_in_order(client, server),
    ]


SCENARIO = Scenario(
    slug="forged-syn",
    steps=steps,
    # A capture shows two connections, one for each SYN: no label fits both.
    truth={},
    counters=("server:TCPSYNChallenge",),
    seeds=(22,),
    varies={"rounds": (1, 5)},
)
