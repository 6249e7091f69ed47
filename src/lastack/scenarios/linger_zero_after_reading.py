"""All was read before the abort: a window update comes before the RST.

The control for unread-full-window. The window was nearly shut, the program read
all of it, and the kernel told the sender at once; then the RST shows the same
window again, and proves that nothing was unread.
"""

from lastack.scenarios.endgames import aborted
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    wait,
)


def steps(*, rounds: int = 1, sent: int = 55_000) -> list[Step]:
    """The server reads `sent` octets in one go, late, and aborts."""
    return [
        *established(rounds),
        client.send(sent),
        wait(0.4),
        server.receive(sent, everything=True).gives(str(sent)),
        *aborted(server, client),
    ]


SCENARIO = Scenario(
    slug="linger-zero-after-reading",
    steps=steps,
    truth={"a": Truth("linger-zero", "server")},
    reasons=("server:TCP_STATE",),
    counters=("server:TCPAbortOnData",),
    seeds=(9,),
    varies={"rounds": (0, 5), "sent": (10_000, 60_000)},
)
