"""A sender gives up before a closed window and aborts.

Its RST has a number that the reader accepts, although more data than the window
allowed waits behind it; all of that is lost, and what the reader had not read
is thrown away as well.
"""

from lastack.scenarios.openings import closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, settle


def steps() -> list[Step]:
    """The server does not read; the client has had enough."""
    return [
        *closed_window(),
        client.linger(0),
        client.close().gives("0"),
        settle(),
        server.poll().gives("POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP"),
    ]


SCENARIO = Scenario(
    slug="linger-zero-zero-window",
    steps=steps,
    truth={"a": Truth("linger-zero", "client")},
    reasons=("client:TCP_STATE",),
    counters=("client:TCPAbortOnData",),
    seeds=(9, 11),
)
