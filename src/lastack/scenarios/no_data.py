"""A connection is made and closed, and nobody ever said a word.

Health checks, port probes and pools which warm up look like this. Nothing is
wrong; only a log that counts it as a failed request is.
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


def steps(*, pause: float = 0.1) -> list[Step]:
    """The client closes after `pause` seconds, the server when it sees that."""
    return [
        *established(),
        wait(pause),
        client.close().gives("0"),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="no-data",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(6,),
    varies={"pause": (0.0, 1.0)},
)
