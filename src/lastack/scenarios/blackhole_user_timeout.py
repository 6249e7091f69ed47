"""TCP_USER_TIMEOUT ends the wait in a dead path when one chooses.

ETIMEDOUT comes with the first retransmission timer after that time, not after
15 minutes. It is the one option that bounds unacknowledged data (RFC 5482).
"""

from lastack.scenarios.endgames import given_up
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    network,
    settle,
)


def steps(*, rounds: int = 1, timeout: float = 1.5, request: int = 100) -> list[Step]:
    """The client allows `timeout` seconds without an acknowledgement."""
    return [
        *established(rounds),
        client.user_timeout(timeout),
        settle(),
        network.cut(),
        *given_up(request, "-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="blackhole-user-timeout",
    steps=steps,
    truth={
        "a": Truth(
            "retransmission-timeout", "client", at={"server": ("still-open", "none")}
        )
    },
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16,),
    varies={"rounds": (1, 5), "timeout": (1.0, 2.5), "request": (1, 1400)},
)
