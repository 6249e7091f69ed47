"""Keepalive probes of an idle connection are answered: all is well.

A probe is empty and one octet behind what was acknowledged; the peer's kernel
repeats its last ACK. Defaults are two hours of silence, then every 75 s.
"""

from lastack.scenarios.endgames import closed_in_order
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    wait,
)


def steps(*, rounds: int = 1, idle: float = 2.5) -> list[Step]:
    """Two probes in `idle` seconds of silence; then the client closes."""
    return [
        *established(rounds),
        *client.keepalive(1, 1, 3),
        wait(idle),
        client.poll().gives("POLLOUT"),
        *closed_in_order(client, server),
    ]


SCENARIO = Scenario(
    slug="keepalive-answered",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    counters=("client:TCPKeepAlive",),
    seeds=(15,),
    varies={"rounds": (0, 5), "idle": (1.2, 3.5)},
)
