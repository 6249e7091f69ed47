"""ICMP does not end an established connection; it only names the error.

A router says "unreachable" to each retransmission. TCP takes it as a hint and
goes on until its own timer ends it; then the program sees EHOSTUNREACH where
silence would have given ETIMEDOUT.
"""

from lastack.scenarios.endgames import given_up
from lastack.scenarios.openings import quiet_connection
from lastack.tcp.scenario import Scenario, Step, Truth, Wire, network


def steps(*, rounds: int = 1, retries: int = 3) -> list[Step]:
    """The rule comes into force before the write; tcp_retries2 is `retries`."""
    return [
        *quiet_connection(rounds, retries),
        network.reject("server", "host-unreachable"),
        *given_up(100, "-EHOSTUNREACH"),
    ]


SCENARIO = Scenario(
    slug="icmp-established",
    steps=steps,
    truth={
        "a": Truth(
            "retransmission-timeout",
            "client",
            (("icmp-rejected", "path"),),
            at={"server": ("still-open", "none")},
        )
    },
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
    wire=Wire(routed=True),
    varies={"rounds": (1, 5)},
)
