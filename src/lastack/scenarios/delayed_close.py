"""A FIN that comes after the peer's FIN_WAIT_2 is over is answered by RST.

The client closed at once; its orphaned socket waits in FIN_WAIT_2 for the
server's FIN, 60 s on Linux (tcp_fin_timeout), and is then forgotten in silence.
The server closes later than that, 90 s in the question this comes from, and its
FIN finds nobody. No data was lost; a RST in a capture is not always an error.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    established,
    server,
    wait,
)


def steps(
    *, rounds: int = 1, fin_timeout: int = 1, late: float = 1.0, answer: int = 0
) -> list[Step]:
    """The server sends `answer` octets and closes `late` seconds too late."""
    return [
        client_host.sysctl("tcp_fin_timeout", fin_timeout),
        *established(rounds),
        client.close().gives("0"),
        server.receive().gives("0"),
        wait(fin_timeout + late),
        *([server.send(answer)] if answer else []),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="delayed-close",
    steps=steps,
    truth={"a": Truth("fin-wait-2-expired", "client")},
    reasons=("client:NO_SOCKET",),
    seeds=(3, 7),
    varies={"rounds": (0, 5), "late": (0.8, 1.5)},
)
