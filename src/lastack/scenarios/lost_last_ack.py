"""The last ACK is lost; the FIN comes again and TIME_WAIT answers it.

This is what TIME_WAIT is for. Had the first closer forgotten everything at
once, the second FIN would have been reset and an orderly close reported as an
error.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    network,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1) -> list[Step]:
    """The ACK of the server's FIN is lost once."""
    return [
        *established(rounds),
        client.close().gives("0"),
        server.receive().gives("0"),
        settle(),
        network.lose("server", "ACK"),
        server.close().gives("0"),
        wait(0.3),
    ]


SCENARIO = Scenario(
    slug="lost-last-ack",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(14,),
    varies={"rounds": (0, 5)},
)
