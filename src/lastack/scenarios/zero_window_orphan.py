"""A sender closes before a shut window; its orphan gives up in silence.

FIN_WAIT_1 with a Send-Q and no owner. The FIN waits behind data that nobody
takes. Linux lets it probe until the interval reaches tcp_rto_max_ms, about 200
s by default, and forgets it; the data is lost and no program knows.
"""

from lastack.scenarios.openings import FLOOD, closed_window
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    server,
    settle,
    wait,
)


def steps(*, rto_max_ms: int = 1000) -> list[Step]:
    """The client closes; the server reads when it is too late."""
    return [
        client_host.sysctl("tcp_rto_max_ms", rto_max_ms),
        client_host.sysctl("tcp_orphan_retries", 4),
        *closed_window(),
        client.close().gives("0"),
        wait(4.5),
        server.receive(FLOOD),
        settle(),
        server.poll().gives("POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP"),
    ]


SCENARIO = Scenario(
    slug="zero-window-orphan",
    steps=steps,
    truth={"a": Truth("zero-window-stall", "server", (("peer-lost-state", "client"),))},
    reasons=("client:NO_SOCKET",),
    counters=("client:TCPAbortOnTimeout",),
    seeds=(11,),
)
