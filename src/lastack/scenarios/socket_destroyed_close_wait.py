"""`ss -K` of a socket in CLOSE_WAIT: how to end a leak from outside.

The program that forgot to close gets ECONNABORTED, its peer's orphan a RST.
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


def steps(*, rounds: int = 1, pause: float = 0.3) -> list[Step]:
    """The client has closed; the server ignores it and is relieved of it."""
    return [
        *established(rounds),
        client.close(),
        wait(pause),
        server_host.destroy("a"),
        server.send(1).gives("-ECONNABORTED", "-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="socket-destroyed-close-wait",
    steps=steps,
    truth={"a": Truth("socket-destroyed", "server")},
    reasons=("server:TCP_STATE",),
    seeds=(17,),
    varies={"rounds": (0, 5), "pause": (0.1, 1.0)},
)
