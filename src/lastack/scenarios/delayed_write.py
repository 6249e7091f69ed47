"""A write to a peer whose FIN_WAIT_2 is over: RST, as soon after close().

The writer cannot tell whether the orphan still waited or had been forgotten;
only the time since the FIN, longer than 60 s by default, says so.
"""

from lastack.scenarios.endgames import told_only_by_writing
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    established,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1, fin_timeout: int = 1, late: float = 1.0) -> list[Step]:
    """The server writes `late` seconds after the client's time is over."""
    return [
        client_host.sysctl("tcp_fin_timeout", fin_timeout),
        *established(rounds),
        client.close().gives("0"),
        wait(fin_timeout + late),
        server.send(100).gives("100"),
        settle(),
        *told_only_by_writing(server),
    ]


SCENARIO = Scenario(
    slug="delayed-write",
    steps=steps,
    truth={
        "a": Truth("fin-wait-2-expired", "client", (("data-after-close", "client"),))
    },
    reasons=("client:NO_SOCKET",),
    seeds=(3,),
    varies={"rounds": (0, 5), "late": (0.8, 1.5)},
)
