"""shutdown(WR), a pause, and then an abort: FIN, ACK, RST.

The peer has read end of file before the RST comes, so that its recv() goes on
saying 0 and hides the error.
"""

from lastack.scenarios.endgames import told_only_by_writing
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
    """The client half-closes and aborts `pause` seconds later."""
    return [
        *established(rounds),
        client.shutdown("WR"),
        wait(pause),
        client.linger(0),
        client.close().gives("0"),
        settle(),
        *told_only_by_writing(server),
    ]


SCENARIO = Scenario(
    slug="linger-zero-fin-wait-2",
    steps=steps,
    truth={"a": Truth("linger-zero", "client")},
    reasons=("client:TCP_STATE",),
    counters=("client:TCPAbortOnData",),
    seeds=(9, 20),
    varies={"rounds": (0, 5), "pause": (0.1, 1.0)},
)
