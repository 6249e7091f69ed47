"""FIN_WAIT_2 has no timer while the program still has the socket.

tcp_fin_timeout is for orphans. After shutdown(WR) the client may wait for its
answer for hours, although the minute of FIN_WAIT_2 is long over.
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


def steps(*, rounds: int = 1, fin_timeout: int = 1, pause: float = 2.0) -> list[Step]:
    """The answer comes after `pause` seconds, twice `fin_timeout`."""
    return [
        client_host.sysctl("tcp_fin_timeout", fin_timeout),
        *established(rounds),
        client.shutdown("WR").gives("0"),
        server.receive().gives("0"),
        wait(pause),
        server.send(200).gives("200"),
        server.close().gives("0"),
        client.receive(200, everything=True).gives("200"),
        client.receive().gives("0"),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="fin-wait-2-with-owner",
    steps=steps,
    truth={"a": Truth("half-close", "client")},
    seeds=(3, 18),
    varies={"rounds": (0, 5), "pause": (1.5, 2.5)},
)
