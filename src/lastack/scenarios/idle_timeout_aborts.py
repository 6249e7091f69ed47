"""A server's idle timeout ends a kept connection with a RST, on purpose.

Load balancers and busy servers do, to be spared FIN_WAIT_2 and TIME_WAIT: every
request was read and answered, then nothing was said for the timeout. A client
that reads is told ECONNRESET at once, a pool at its next request.
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


def steps(*, rounds: int = 2, timeout: float = 0.6) -> list[Step]:
    """After `rounds` and `timeout` seconds of silence the server aborts."""
    return [
        *established(rounds),
        wait(timeout),
        server.linger(0),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="idle-timeout-aborts",
    steps=steps,
    truth={"a": Truth("linger-zero", "server")},
    reasons=("server:TCP_STATE",),
    counters=("server:TCPAbortOnData",),
    seeds=(9,),
    varies={"rounds": (1, 5), "timeout": (0.2, 1.5)},
)
