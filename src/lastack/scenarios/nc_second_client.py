"""nc without -k serves one client; a second connects and waits in vain.

The kernel completes the second handshake, nc never calls accept() again. When
nc ends, the first client reads end of file and the second is reset.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client2,
    server,
    settle,
    wait,
)


def steps(*, pause: float = 0.2) -> list[Step]:
    """Two clients; nc is killed `pause` seconds after the second came."""
    return [
        server.run("nc", "-n", "-l", "{server}", "{port}"),
        client.connect("a").gives("0"),
        settle(),
        client2.connect("b").gives("0"),
        wait(pause),
        server.kill(),
        client.receive(name="a").gives("0"),
        client.close("a"),
        client2.receive(name="b").gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="nc-second-client",
    steps=steps,
    truth={
        "a": Truth("orderly-close", "server"),
        "b": Truth("listener-closed", "server"),
    },
    reasons=("server:TCP_STATE",),
    seeds=(6, 13),
    not_in_sim="nc is a real program",
    varies={"pause": (0.1, 1.0)},
)
