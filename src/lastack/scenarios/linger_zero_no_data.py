"""A health check connects and aborts: RST instead of FIN, on purpose.

SO_LINGER {1, 0} spares the checker its TIME_WAIT. The server's accept()
succeeds and its first recv() says ECONNRESET, every few seconds, in every log.
Benign: filter it, or let the checker close properly.
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


def steps(*, pause: float = 0.05) -> list[Step]:
    """The client aborts `pause` seconds after connect()."""
    return [
        *established(),
        wait(pause),
        client.linger(0),
        client.close().gives("0"),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="linger-zero-no-data",
    steps=steps,
    truth={"a": Truth("linger-zero", "client")},
    reasons=("client:TCP_STATE",),
    counters=("client:TCPAbortOnData",),
    seeds=(9,),
    varies={"pause": (0.0, 0.5)},
)
