"""A FIN that comes while the peer is still in FIN_WAIT_2 is acknowledged.

The counterpart of the delayed close: the same calls, but the second close()
comes within the minute for which the first closer's kernel remembers.
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


def steps(*, rounds: int = 1, fin_timeout: int = 3, late: float = 1.0) -> list[Step]:
    """The server closes `late` seconds later; `fin_timeout` is 60 by default."""
    return [
        client_host.sysctl("tcp_fin_timeout", fin_timeout),
        *established(rounds),
        client.close().gives("0"),
        server.receive().gives("0"),
        wait(late),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="close-in-time",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(3, 7),
    varies={"rounds": (0, 5), "late": (0.2, 2.0)},
)
