"""One side does not read: its window closes, the other probes for ever.

Linux doubles the time between probes up to two minutes; FreeBSD asks every five
seconds. Each is answered with window 0, so that nothing ever times out
(RFC 1122, 4.2.2.17).
"""

from lastack.scenarios.openings import closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, wait


def steps(*, patience: float = 2.0) -> list[Step]:
    """The server does not read for `patience` seconds, and for ever."""
    return [
        *closed_window(),
        wait(patience),
        client.poll().gives("0"),
    ]


SCENARIO = Scenario(
    slug="zero-window-stall",
    steps=steps,
    truth={"a": Truth("zero-window-stall", "server")},
    counters=("client:TCPWinProbe", "server:TCPToZeroWindowAdv"),
    seeds=(11,),
    varies={"patience": (1.0, 4.0)},
)
