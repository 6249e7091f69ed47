"""A rebooted client gets its old port again: SYN meets old connection.

The server answers with an ACK of the old connection, a challenge; the client's
kernel, which wants a SYN-ACK, resets that; then the SYN is sent once more and
is welcome. Old programs of the server see ECONNRESET, new ones a short delay.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    exchange,
    server,
    settle,
)


def steps(*, rounds: int = 1, port: int = 47_000) -> list[Step]:
    """The client connects from `port`, reboots, and does so again."""
    return [
        server.listen(),
        client.connect("a", local_port=port),
        server.accept("a"),
        *exchange(rounds),
        settle(),
        client_host.reboot(),
        client.connect("b", local_port=port).gives("0"),
        server.receive(name="a").gives("-ECONNRESET"),
        server.accept("b"),
        client.close("b"),
        server.receive(name="b").gives("0"),
        server.close("b"),
    ]


SCENARIO = Scenario(
    slug="stale-connection-reused",
    steps=steps,
    truth={
        "a": Truth("stale-connection-reused", "client"),
        "b": Truth("orderly-close", "client"),
    },
    reasons=("client:TCP_INVALID_ACK_SEQUENCE",),
    counters=("server:TCPSYNChallenge",),
    seeds=(15,),
    varies={"rounds": (1, 5)},
)
