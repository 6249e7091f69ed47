"""A RST ends a TIME_WAIT before its time (RFC 1337).

The server had closed first and keeps TIME_WAIT. A RST with the right number
removes it, unless tcp_rfc1337 is 1; the next old segment is then a stranger to
the listener and is reset instead of acknowledged.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    network,
    server,
    server_host,
    settle,
)


def steps(*, rounds: int = 1, protected: bool = False) -> list[Step]:
    """With `protected` the server's host follows RFC 1337."""
    return [
        server_host.sysctl("tcp_rfc1337", int(protected)),
        *established(rounds),
        server.close(),
        client.receive().gives("0"),
        client.close(),
        settle(),
        network.forge("server", "R"),
        settle(),
        network.forge("server", ".", seq_offset=-10, payload=10),
    ]


SCENARIO = Scenario(
    slug="time-wait-assassinated",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    reasons=("server:TCP_FLAGS",),
    seeds=(14,),
    varies={"rounds": (1, 5)},
)
