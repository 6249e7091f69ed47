"""Keepalive finds a rebooted peer: the probe is answered by RST.

Without it the client would wait for ever for an answer that the rebooted host
does not know it owes. The default is to ask after two hours.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server_host,
    settle,
)


def steps(*, rounds: int = 1, idle: int = 1) -> list[Step]:
    """The client waits in recv(); the first probe comes after `idle` seconds."""
    return [
        *established(rounds),
        *client.keepalive(idle, 1, 3),
        settle(),
        server_host.reboot(),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="reboot-keepalive",
    steps=steps,
    truth={"a": Truth("peer-lost-state", "server")},
    reasons=("server:NO_SOCKET",),
    counters=("client:TCPKeepAlive",),
    seeds=(15,),
    varies={"rounds": (1, 5), "idle": (1, 2)},
)
