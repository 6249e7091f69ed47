"""A path MTU black hole is found by the sender, which then sends smaller.

With tcp_mtu_probing 1 the kernel takes repeated loss of large segments for what
it is (RFC 4821) and cuts them to tcp_base_mss. The answer is late by the time
of the retransmissions, and the connection ends in order.
"""

from lastack.scenarios.endgames import closed_in_order
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
)


def steps(*, rounds: int = 1, mtu: int = 1400, answer: int = 3000) -> list[Step]:
    """As in mtu-black-hole; but the server's kernel may probe."""
    return [
        server_host.sysctl("tcp_mtu_probing", 1),
        server_host.sysctl("tcp_retries1", 2),
        network.narrow(mtu),
        *established(rounds),
        client.send(100).gives("100"),
        server.receive(100, everything=True).gives("100"),
        server.send(answer).gives(str(answer)),
        client.receive(answer, everything=True).gives(str(answer)),
        *closed_in_order(client, server),
        settle(),
    ]


SCENARIO = Scenario(
    slug="mtu-black-hole-found",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(22,),
    varies={"rounds": (0, 5), "mtu": (1100, 1400), "answer": (3000, 14000)},
    not_in_sim="the simulated systems do not probe for the path's MTU",
)
