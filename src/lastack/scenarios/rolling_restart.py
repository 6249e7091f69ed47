"""Two listeners share a port; the old one closes and resets its own queue.

SO_REUSEPORT lets a new process listen before the old one ends, so that no SYN
is refused. But a connection belongs to the listener which got its SYN: what the
old process had not accepted is reset (unless tcp_migrate_req is 1).
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client2,
    server,
    server2,
    wait,
)


def steps(*, pause: float = 0.1) -> list[Step]:
    """`a` waits at the old server; `b` comes when only the new one is left."""
    return [
        server.listen(options={"SO_REUSEPORT": 1}),
        client.connect("a"),
        server2.listen("listener2", options={"SO_REUSEPORT": 1}),
        wait(pause),
        server.exit(),
        client.receive(name="a").gives("-ECONNRESET"),
        client2.connect("b").gives("0"),
        server2.accept("b", listener="listener2"),
        server2.close("b"),
        client2.receive(name="b").gives("0"),
        client2.close("b"),
    ]


SCENARIO = Scenario(
    slug="rolling-restart",
    steps=steps,
    truth={
        "a": Truth("listener-closed", "server"),
        "b": Truth("orderly-close", "server"),
    },
    reasons=("server:TCP_STATE",),
    seeds=(6,),
    varies={"pause": (0.05, 1.0)},
)
