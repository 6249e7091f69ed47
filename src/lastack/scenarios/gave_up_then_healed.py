"""One side gave up in a dead path, which heals; the other is then reset.

Linux ends a timed-out connection in silence, so that the peer still has it. Its
next write reaches a host without that connection, as if it had rebooted.
"""

from lastack.scenarios.openings import quiet_connection
from lastack.tcp.scenario import Scenario, Step, Truth, client, network, server


def steps(*, rounds: int = 1, retries: int = 3) -> list[Step]:
    """The client times out (after 15 minutes by default); the server writes."""
    return [
        *quiet_connection(rounds, retries),
        network.cut(),
        client.send(100),
        client.receive().gives("-ETIMEDOUT"),
        network.heal(),
        server.send(100).gives("100"),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="gave-up-then-healed",
    steps=steps,
    truth={
        "a": Truth(
            "retransmission-timeout",
            "client",
            (("peer-lost-state", "client"),),
            # Nothing that the client repeated came so far.
            at={"server": ("peer-lost-state", "client")},
        )
    },
    reasons=("client:NO_SOCKET",),
    counters=("client:TCPAbortOnTimeout",),
    seeds=(15, 16),
    varies={"rounds": (1, 5)},
)
