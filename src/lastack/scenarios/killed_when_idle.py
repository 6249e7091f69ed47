"""SIGKILL of an idle program looks like close(): a FIN and no RST.

The kernel closes what the dead process had open. With nothing unread it says
FIN, and the peer reads end of file. No packet tells a kill from a close().
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1, pause: float = 0.2) -> list[Step]:
    """The server is killed; the client sees the end and closes."""
    return [
        *established(rounds),
        settle(),
        server.kill(),
        client.receive().gives("0", windows="-ECONNRESET"),
        wait(pause),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="killed-when-idle",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    seeds=(1, 4),
    varies={"rounds": (1, 5), "pause": (0.1, 1.0)},
    elsewhere={"windows": Truth("linger-zero", "server")},
)
