"""A stalled reader is killed: the window leaps from 0 in the RST.

The sender was probing a closed window. The reader's kernel drops the full queue
and resets; the RST's window is the whole buffer.
"""

from lastack.scenarios.openings import closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, settle


def steps() -> list[Step]:
    """The server is killed behind its closed window."""
    return [
        *closed_window(),
        server.kill(),
        settle(),
        client.receive().gives("-ECONNRESET"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="zero-window-reader-killed",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(8, 11),
    elsewhere={"freebsd": Truth("data-after-close", "server")},
)
