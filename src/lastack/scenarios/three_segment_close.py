"""The peer closes in the moment of the FIN, and a segment is saved.

The ACK of a FIN is delayed by up to 40 ms in the hope of company. A program
that closes as soon as recv() says 0 gives it: its own FIN carries the ACK.
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
    """The server waits in recv() and closes when it returns."""
    return [
        *established(rounds),
        settle(),
        server.receive().gives("0").in_background(),
        server.close().gives("0").in_background(),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="three-segment-close",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(14,),
    varies={"rounds": (0, 5)},
)
