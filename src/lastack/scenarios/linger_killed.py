"""SO_LINGER {1, t} does not hold a dying program: the kernel drains alone.

At process exit Linux does not wait, whatever the linger time. The data is still
sent, for as long as the peer answers.
"""

from lastack.scenarios.openings import FLOOD, closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps(*, linger: int = 5, pause: float = 0.3) -> list[Step]:
    """The client is killed; the server reads `pause` seconds later."""
    return [
        *closed_window(),
        client.linger(linger),
        client.kill(),
        wait(pause),
        server.receive(FLOOD, everything=True),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="linger-killed",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(4, 10, 11),
    varies={"pause": (0.1, 1.0)},
    elsewhere={"windows": Truth("linger-zero", "client")},
)
