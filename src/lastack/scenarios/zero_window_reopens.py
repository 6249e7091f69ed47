"""The reader comes back in time: the window opens and everything arrives.

Nothing ended. The sender's probes, or a window update of the reader, start the
flow again.
"""

from lastack.scenarios.openings import FLOOD, closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps(*, pause: float = 0.5) -> list[Step]:
    """The server reads `pause` seconds after its window has closed."""
    return [
        *closed_window(),
        wait(pause),
        client.close().gives("0"),
        server.receive(FLOOD, everything=True),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="zero-window-reopens",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(11,),
    varies={"pause": (0.0, 2.0)},
)
