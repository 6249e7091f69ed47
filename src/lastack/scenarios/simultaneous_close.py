"""Both sides close at the same instant: FINs cross, both are CLOSING.

Neither FIN acknowledges the other. Both sides end in TIME_WAIT, and there is no
answer to the question who closed first (RFC 9293, figure 13).
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    established,
    server,
    wait,
)


def steps(*, rounds: int = 1, pause: float = 0.2) -> list[Step]:
    """After `pause` seconds of silence both call close()."""
    return [
        *established(rounds),
        wait(pause),
        client.close().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="simultaneous-close",
    steps=steps,
    truth={"a": Truth("orderly-close", "both")},
    seeds=(14,),
    wire=Wire(delay=0.03),
    varies={"rounds": (0, 5), "pause": (0.2, 1.0)},
    least_delay=0.005,
)
