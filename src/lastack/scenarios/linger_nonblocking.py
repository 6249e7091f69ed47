"""SO_LINGER {1, t} blocks close() on Linux, even of a non-blocking socket.

An event loop stands still in close(). FreeBSD returns at once; Windows returns
WSAEWOULDBLOCK and does not close. Do not combine the two.
"""

from lastack.scenarios.openings import FLOOD, closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server


def steps(*, linger: int = 1) -> list[Step]:
    """The client's socket is non-blocking, and its close() takes `linger` s."""
    return [
        *closed_window(),
        client.nonblocking(),
        client.linger(linger).gives("0"),
        client.close().gives("0", windows="-EWOULDBLOCK"),
        server.receive(FLOOD, everything=True),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="linger-nonblocking",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(10, 11),
    varies={"linger": (1, 2)},
    elsewhere={
        "windows": Truth("still-open", "none"),
    },
)
