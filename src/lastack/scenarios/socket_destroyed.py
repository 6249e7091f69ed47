"""An administrator kills a socket by `ss -K`: RST, and ECONNABORTED.

Its own program is told with an errno that nothing else gives. Android and some
VPN clients do this to every connection when the network changes.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    established,
    server,
    settle,
)


def steps(*, rounds: int = 1) -> list[Step]:
    """The client's socket is destroyed from outside."""
    return [
        *established(rounds),
        settle(),
        client_host.destroy("a"),
        settle(),
        client.receive().gives("-ECONNABORTED"),
        client.send(1).gives("-EPIPE"),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="socket-destroyed",
    steps=steps,
    truth={"a": Truth("socket-destroyed", "client")},
    reasons=("client:TCP_STATE",),
    seeds=(22,),
    varies={"rounds": (0, 5)},
)
