"""Both sides close: FIN, ACK, FIN, ACK, through all states to TIME_WAIT.

The client closes first and passes FIN_WAIT_1, FIN_WAIT_2 and TIME_WAIT, where
it stays for a minute so that a lost last ACK can be answered. The server reads
end of file, is in CLOSE_WAIT until it closes too, then in LAST_ACK. Whoever
sends the first FIN owns the TIME_WAIT.
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
    """The server closes `pause` seconds after it has read end of file."""
    return [
        *established(rounds),
        client.close().gives("0"),
        server.receive().gives("0"),
        wait(pause),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="orderly-close",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(14, 23),
    varies={"rounds": (0, 5), "pause": (0.05, 1.0)},
)
