"""An abort in LAST_ACK with unsent data has a reason of its own.

The peer closed its sending side and stopped reading; the client closed too, but
its data and FIN wait behind a shut window. connect(AF_UNSPEC) then resets, and
the kernel says TCP_DISCONNECT_WITH_DATA.
"""

from lastack.scenarios.openings import closed_window
from lastack.tcp.scenario import Scenario, Step, Truth, client, server, settle


def steps() -> list[Step]:
    """Both have shut down; the client's data cannot leave."""
    return [
        *closed_window(),
        server.shutdown("WR"),
        client.receive().gives("0"),
        client.shutdown("WR"),
        client.disconnect().gives("0"),
        settle(),
        server.poll().gives("POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP"),
    ]


SCENARIO = Scenario(
    slug="disconnected-last-ack",
    steps=steps,
    truth={"a": Truth("socket-destroyed", "client")},
    reasons=("client:TCP_DISCONNECT_WITH_DATA",),
    seeds=(11,),
)
