"""A forged SYN is answered, the answer reaches nobody: SYN_RECV expires.

One of a flood. The server spends a little memory and two SYN-ACKs on an address
that never asked.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    network,
    server,
    server_host,
    wait,
)


def steps(*, count: int = 3) -> list[Step]:
    """`count` SYNs from addresses which do not answer."""
    return [
        server_host.sysctl("tcp_synack_retries", 1),
        server.listen(),
        *(network.forge("server", "S", connection=name) for name in "abc"[:count]),
        wait(3.2),
    ]


SCENARIO = Scenario(
    slug="syn-flood",
    steps=steps,
    truth={name: Truth("handshake-incomplete", "client") for name in "abc"},
    seeds=(6,),
)
