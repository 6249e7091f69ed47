"""SO_LINGER {1, t} runs out: close() returns, and the kernel drains on.

Linux says 0, FreeBSD EWOULDBLOCK, and on both the data is still delivered when
the peer reads at last. The program cannot know: the socket is FIN_WAIT_1 with a
Send-Q and no owner. Windows aborts the connection instead.
"""

from lastack.scenarios.openings import FLOOD, closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps(*, linger: int = 1, late: float = 0.5) -> list[Step]:
    """The server begins to read `late` seconds after close() has returned."""
    return [
        *closed_window(),
        client.linger(linger).gives("0"),
        client.close().gives("0", freebsd="-EWOULDBLOCK"),
        wait(late),
        server.receive(FLOOD, everything=True),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="linger-expires",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(10, 11, 12, 23),
    varies={"linger": (1, 2), "late": (0.2, 1.0)},
    elsewhere={"windows": Truth("linger-zero", "client")},
)
