"""The server closed first, and a listener answers its late peer's FIN.

The same as the delayed close with the roles changed. The server's kernel has a
listener on that port, which meets a FIN of no connection and says TCP_FLAGS
where a host without a listener says NO_SOCKET. On the wire both are one RST.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    server_host,
    wait,
)


def steps(*, rounds: int = 1, fin_timeout: int = 1, late: float = 1.0) -> list[Step]:
    """The client closes `late` seconds after FIN_WAIT_2 (60 s by default)."""
    return [
        server_host.sysctl("tcp_fin_timeout", fin_timeout),
        *established(rounds),
        server.close().gives("0"),
        client.receive().gives("0"),
        wait(fin_timeout + late),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="delayed-close-listening",
    steps=steps,
    truth={"a": Truth("fin-wait-2-expired", "server")},
    reasons=("server:TCP_FLAGS",),
    seeds=(3, 7),
    varies={"rounds": (0, 5), "late": (0.8, 1.5)},
)
