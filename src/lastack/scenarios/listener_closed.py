"""A listener is closed, and whoever waited in its queue is reset.

connect() had succeeded, since the kernel completes handshakes by itself. All
clients of the queue are reset in the same instant, before the server has sent
an octet: a restart during load.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, client2, server, wait


def steps(*, pause: float = 0.1) -> list[Step]:
    """Two clients wait for accept() when the server closes its listener."""
    return [
        server.listen(),
        client.connect("a"),
        client2.connect("b"),
        wait(pause),
        server.close("listener").gives("0"),
        client.receive(name="a").gives("-ECONNRESET"),
        client2.receive(name="b").gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="listener-closed",
    steps=steps,
    truth={
        "a": Truth("listener-closed", "server"),
        "b": Truth("listener-closed", "server"),
    },
    reasons=("server:TCP_STATE",),
    seeds=(6,),
    varies={"pause": (0.05, 1.0)},
)
