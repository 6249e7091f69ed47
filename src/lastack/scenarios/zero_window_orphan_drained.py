"""The sender is gone, and its kernel drains for it behind a shut window.

A dead program's data arrives all the same: FIN_WAIT_1 with a Send-Q and no
owner, until the reader has taken everything and closes as well.
"""

from lastack.scenarios.openings import FLOOD, closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps(*, pause: float = 1.0) -> list[Step]:
    """The client exits; the server reads `pause` seconds later."""
    return [
        *closed_window(),
        client.exit(),
        wait(pause),
        server.receive(FLOOD, everything=True),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="zero-window-orphan-drained",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(11, 12),
    varies={"pause": (0.2, 2.0)},
)
