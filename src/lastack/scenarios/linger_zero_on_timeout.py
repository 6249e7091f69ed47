"""A server resets a client that was too slow, as nginx can.

`reset_timedout_connection on` is SO_LINGER {1, 0} and close(): no FIN_WAIT_2
and no buffers are left for a client that does not go on. What it had sent was
read.
"""

from lastack.scenarios.endgames import aborted
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    wait,
)


def steps(*, part: int = 40, pause: float = 0.3, patience: float = 0.8) -> list[Step]:
    """Two parts of a request come `pause` apart; the rest never does.

    The server reads both, waits for `patience` seconds, and aborts.
    """
    return [
        *established(0),
        client.send(part),
        server.receive(part, everything=True).gives(str(part)),
        wait(pause),
        client.send(part),
        server.receive(part, everything=True).gives(str(part)),
        wait(patience),
        *aborted(server, client),
    ]


SCENARIO = Scenario(
    slug="linger-zero-on-timeout",
    steps=steps,
    truth={"a": Truth("linger-zero", "server")},
    reasons=("server:TCP_STATE",),
    counters=("server:TCPAbortOnData",),
    seeds=(9,),
    varies={"part": (1, 1400), "pause": (0.1, 0.5), "patience": (0.3, 1.5)},
)
