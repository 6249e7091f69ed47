"""SYN-ACKs reach nobody: the server's half-open request expires.

The way back is filtered. The server answers the SYN again and again, six times
by default, and forgets it; no program of it ever knew.
"""

from lastack.scenarios.openings import short_connect
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    network,
    server,
    server_host,
)


def steps() -> list[Step]:
    """Nothing reaches the client."""
    return [
        *short_connect(),
        server_host.sysctl("tcp_synack_retries", 1),
        server.listen(),
        network.cut("client"),
        client.connect().gives("-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="handshake-incomplete",
    steps=steps,
    truth={
        "a": Truth(
            "handshake-incomplete",
            "client",
            (("connect-timeout", "client"),),
            at={"client": ("connect-timeout", "client")},
        )
    },
    seeds=(6,),
)
