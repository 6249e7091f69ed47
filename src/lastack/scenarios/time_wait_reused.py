"""A new SYN for a connection in TIME_WAIT is welcome: a new one begins.

The client comes back from the same port within a minute of a close by the
server. Newer timestamps, or a higher number, show that the SYN is new
(RFC 6191).
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, exchange, server, wait


def steps(*, rounds: int = 1, port: int = 47_000) -> list[Step]:
    """The server closes first, so the TIME_WAIT is its own."""
    return [
        server.listen(),
        client.connect("a", local_port=port),
        server.accept("a"),
        *exchange(rounds),
        server.close("a"),
        client.receive(name="a").gives("0"),
        client.close("a"),
        wait(0.2),
        client.connect("b", local_port=port).gives("0"),
        server.accept("b"),
        client.close("b"),
        server.receive(name="b").gives("0"),
        server.close("b"),
    ]


SCENARIO = Scenario(
    slug="time-wait-reused",
    steps=steps,
    truth={
        "a": Truth("orderly-close", "server"),
        "b": Truth("orderly-close", "client"),
    },
    seeds=(14,),
    varies={"rounds": (0, 5)},
)
