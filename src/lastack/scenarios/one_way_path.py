"""Requests arrive, ACKs do not: the client repeats what is there already.

The server's program has read the request and knows of no trouble; its kernel
answers each repetition with an ACK that is lost. The client gives up.
"""

from lastack.scenarios.openings import quiet_connection
from lastack.tcp.scenario import Scenario, Step, Truth, client, network, server


def steps(*, rounds: int = 1, request: int = 100, retries: int = 3) -> list[Step]:
    """Nothing reaches the client any more; tcp_retries2 is `retries`."""
    return [
        *quiet_connection(rounds, retries),
        network.cut("client"),
        client.send(request),
        server.receive(request, everything=True).gives(str(request)),
        client.receive().gives("-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="one-way-path",
    steps=steps,
    truth={"a": Truth("retransmission-timeout", "client")},
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
    varies={"rounds": (1, 5), "request": (1, 1400)},
)
