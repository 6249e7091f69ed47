"""SO_LINGER {1, t}: close() blocks until the peer has everything.

Data waits behind a closed window. close() sleeps while the kernel drains it,
and returns 0 as soon as the FIN is acknowledged.
"""

from lastack.scenarios.openings import FLOOD, closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps(*, linger: int = 5, pause: float = 0.5) -> list[Step]:
    """The server begins to read `pause` seconds after the client's close()."""
    return [
        *closed_window(),
        client.linger(linger).gives("0"),
        client.close().gives("0").in_background(),
        wait(pause),
        server.receive(FLOOD, everything=True),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="linger-drains",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(10, 11, 12, 23),
    varies={"pause": (0.2, 1.5)},
)
