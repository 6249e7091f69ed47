"""The second closer's FIN is never acknowledged: LAST_ACK expires.

The first closer has vanished after its FIN, with its power or its path. The
server closes properly, repeats its FIN, and gives up in silence.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    network,
    server,
    server_host,
    settle,
    wait,
)


def steps(*, rounds: int = 1, retries: int = 2) -> list[Step]:
    """Nothing reaches the client after its FIN was acknowledged."""
    return [
        server_host.sysctl("tcp_orphan_retries", retries),
        *established(rounds),
        client.shutdown("WR"),
        server.receive().gives("0"),
        settle(),
        network.cut("client"),
        server.close().gives("0"),
        wait(6.0),
    ]


SCENARIO = Scenario(
    slug="last-ack-unanswered",
    steps=steps,
    truth={
        "a": Truth(
            "retransmission-timeout",
            "server",
            at={"client": ("fin-unanswered", "server")},
        )
    },
    counters=("server:TCPAbortOnTimeout",),
    seeds=(14, 16),
    varies={"rounds": (0, 5)},
)
