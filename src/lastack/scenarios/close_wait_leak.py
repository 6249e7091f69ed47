"""A program that never closes after end of file: CLOSE_WAIT for ever.

The client has closed; its orphan is gone after a minute. The server's socket
stays, with one octet in its Recv-Q, the FIN that nobody read, until the program
ends or runs out of descriptors.
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


def steps(*, rounds: int = 1, pause: float = 1.0) -> list[Step]:
    """The server does nothing for `pause` seconds, and for ever."""
    return [
        *established(rounds),
        client.close().gives("0"),
        wait(pause),
        server.poll().gives("POLLIN|POLLOUT|POLLRDHUP"),
    ]


SCENARIO = Scenario(
    slug="close-wait-leak",
    steps=steps,
    truth={"a": Truth("fin-unanswered", "server")},
    seeds=(17,),
    varies={"rounds": (0, 5), "pause": (0.2, 2.0)},
)
