"""The path is dead: the write succeeds, and ETIMEDOUT comes minutes later.

Power off without a reboot, a pulled cable and a filter that drops look alike.
TCP retransmits with doubled intervals until tcp_retries2 is used up (924 s on
Linux, 5 minutes on illumos) and then gives up without a word on the wire.
"""

from lastack.scenarios.endgames import given_up
from lastack.scenarios.openings import quiet_connection
from lastack.tcp.scenario import Scenario, Step, Truth, network


def steps(*, rounds: int = 1, request: int = 100, retries: int = 3) -> list[Step]:
    """The client writes into a dead path; tcp_retries2 is `retries`."""
    return [
        *quiet_connection(rounds, retries),
        network.cut(),
        *given_up(request, "-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="blackhole-write",
    steps=steps,
    truth={
        "a": Truth(
            "retransmission-timeout",
            "client",
            at={"server": ("still-open", "none")},
        )
    },
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
    varies={"rounds": (1, 5), "request": (1, 1400), "retries": (3, 3)},
)
