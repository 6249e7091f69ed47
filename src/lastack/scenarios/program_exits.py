"""A program that ends without close() closes all the same.

exit() closes every descriptor, and each connection gets its FIN, or a RST if
data was unread. Windows is said to reset instead.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
)


def steps(*, rounds: int = 1) -> list[Step]:
    """The client exits; the server reads end of file and closes."""
    return [
        *established(rounds),
        client.exit(),
        server.receive().gives("0", windows="-ECONNRESET"),
        settle(),
        server.send(1).gives("1", windows="-EPIPE"),
        settle(),
        server.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="program-exits",
    steps=steps,
    truth={"a": Truth("data-after-close", "client")},
    reasons=("client:TCP_TIMEWAIT_SOCKET",),
    seeds=(4,),
    varies={"rounds": (0, 5)},
    elsewhere={"windows": Truth("linger-zero", "client")},
)
