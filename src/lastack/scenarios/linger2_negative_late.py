"""TCP_LINGER2 below 0 at close() in FIN_WAIT_2: an active RST.

This alone is what Linux calls TCP_ABORT_ON_LINGER, which has nothing to do with
SO_LINGER.
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
    """The client half-closes, waits until that is acknowledged, and closes."""
    return [
        *established(rounds),
        client.shutdown("WR"),
        wait(pause),
        client.linger2(-1),
        client.close().gives("0"),
        settle(),
        server.receive().gives("0"),
        server.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="linger2-negative-late",
    steps=steps,
    truth={"a": Truth("orphan-limit", "client")},
    reasons=("client:TCP_ABORT_ON_LINGER",),
    counters=("client:TCPAbortOnLinger",),
    seeds=(3,),
    varies={"rounds": (0, 5), "pause": (0.2, 1.0)},
)
