"""TCP_REPAIR, then close: the connection vanishes without a packet.

Checkpoint tools do this to move a connection to another host. If nothing takes
it over, the peer's next segment is reset as after a reboot.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1, pause: float = 0.2) -> list[Step]:
    """The client's socket is put into repair mode and closed."""
    return [
        *established(rounds),
        settle(),
        client.set("TCP_REPAIR", 1).gives("0"),
        client.close().gives("0"),
        wait(pause),
        server.poll().gives("POLLOUT"),
        server.send(100).gives("100"),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="repair-close",
    steps=steps,
    truth={"a": Truth("peer-lost-state", "client")},
    reasons=("client:NO_SOCKET",),
    seeds=(15,),
    varies={"rounds": (0, 5), "pause": (0.05, 1.0)},
)
