"""A killed program's connection lives while its child has the descriptor.

fork() shares the socket. The kernel sends the FIN when the last descriptor is
closed, so that the peer of a dead server may wait for ever: close what the
child does not need, or set close-on-exec.
"""

from lastack.tcp.scenario import (
    Program,
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
    wait,
)

child = Program("child", "server")


def steps(*, rounds: int = 1, pause: float = 0.5) -> list[Step]:
    """The server is killed; `pause` seconds later its child ends too."""
    return [
        *established(rounds),
        server.fork(child),
        server.kill(),
        settle(),
        client.poll().gives("POLLOUT"),
        wait(pause),
        child.exit(),
        client.receive().gives("0"),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="inherited-descriptor",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    seeds=(4,),
    varies={"rounds": (0, 5), "pause": (0.1, 1.0)},
    elsewhere={
        "windows": Truth("linger-zero", "server"),
    },
)
