"""The client's address is taken away; the server writes to it in vain.

A lease ended or a network changed. The socket lives on with an address which
the host no longer has, and its program is told nothing.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    established,
    server,
    server_host,
    settle,
)


def steps(*, rounds: int = 1, retries: int = 3) -> list[Step]:
    """The server writes; its tcp_retries2 is `retries`."""
    return [
        server_host.sysctl("tcp_retries2", retries),
        *established(rounds),
        settle(),
        client_host.unplug("address"),
        server.send(200).gives("200"),
        server.receive().gives("-ETIMEDOUT"),
        client.poll().gives("POLLOUT"),
    ]


SCENARIO = Scenario(
    slug="address-removed",
    steps=steps,
    truth={"a": Truth("retransmission-timeout", "server")},
    counters=("server:TCPAbortOnTimeout",),
    seeds=(16,),
    varies={"rounds": (1, 5)},
)
