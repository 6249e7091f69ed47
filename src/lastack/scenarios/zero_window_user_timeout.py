"""TCP_USER_TIMEOUT ends a stall although the reader is alive and answers.

The sender gives up without a packet. When the reader comes back and opens its
window, its host learns from a RST that nobody is there any more.
"""

from lastack.scenarios.openings import FLOOD, closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, settle


def steps(*, timeout: float = 1.5) -> list[Step]:
    """The client allows `timeout` seconds; then the server reads."""
    return [
        *closed_window(),
        client.user_timeout(timeout),
        client.receive().gives("-ETIMEDOUT"),
        server.receive(FLOOD),
        settle(),
        server.poll().gives("POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP"),
    ]


SCENARIO = Scenario(
    slug="zero-window-user-timeout",
    steps=steps,
    truth={"a": Truth("zero-window-stall", "server", (("peer-lost-state", "client"),))},
    reasons=("client:NO_SOCKET",),
    counters=("client:TCPAbortOnTimeout",),
    seeds=(11, 16),
    varies={"timeout": (1.0, 2.5)},
)
