"""The server closes first, and the TIME_WAIT is the server's.

HTTP/1.0 and many a database end like this. A busy server then holds thousands
of sockets in TIME_WAIT; that is a list of old names and no fault.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    wait,
)


def steps(*, rounds: int = 1, pause: float = 0.1) -> list[Step]:
    """The client closes `pause` seconds after it has read end of file."""
    return [
        *established(rounds),
        server.close().gives("0"),
        client.receive().gives("0"),
        wait(pause),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="server-closes-first",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    seeds=(14,),
    varies={"rounds": (0, 5), "pause": (0.05, 1.0)},
)
