"""close() while the peer is gone: FINs into the void, nobody to tell.

close() returned 0 at once. The orphan repeats its FIN as often as
tcp_orphan_retries says, eight times by default, and is forgotten.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    established,
    network,
    settle,
    wait,
)


def steps(*, rounds: int = 1, retries: int = 2) -> list[Step]:
    """The path dies, the client closes; `retries` is tcp_orphan_retries."""
    return [
        client_host.sysctl("tcp_orphan_retries", retries),
        *established(rounds),
        settle(),
        network.cut(),
        client.close().gives("0"),
        wait(6.0),
    ]


SCENARIO = Scenario(
    slug="blackhole-close",
    steps=steps,
    truth={
        "a": Truth(
            "retransmission-timeout", "client", at={"server": ("still-open", "none")}
        )
    },
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16,),
    varies={"rounds": (0, 5)},
)
