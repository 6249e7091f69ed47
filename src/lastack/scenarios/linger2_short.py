"""TCP_LINGER2 makes one socket's FIN_WAIT_2 shorter than the host's.

The host's tcp_fin_timeout is 60 s. A program may ask for less for its own
orphans; then a FIN that comes within the minute is still answered by RST.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    wait,
)


def steps(*, rounds: int = 1, linger2: int = 1, late: float = 1.0) -> list[Step]:
    """The client's orphan waits for `linger2` seconds only."""
    return [
        *established(rounds),
        client.linger2(linger2).gives("0"),
        client.close().gives("0"),
        server.receive().gives("0"),
        wait(linger2 + late),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="linger2-short",
    steps=steps,
    truth={"a": Truth("fin-wait-2-expired", "client")},
    reasons=("client:NO_SOCKET",),
    seeds=(3, 7),
    varies={"rounds": (0, 5), "late": (0.8, 1.5)},
)
