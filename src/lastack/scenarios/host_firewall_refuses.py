"""The server's own firewall refuses: the same packet as a closed port.

Flags, window, IP ID and hop limit are equal. Only the host can tell: its
kernel's OutRsts does not move for what netfilter sends.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, server, server_host


def steps() -> list[Step]:
    """The server listens behind a rule of its own host."""
    return [
        server.listen(),
        server_host.reject("tcp-reset"),
        client.connect().gives("-ECONNREFUSED"),
    ]


SCENARIO = Scenario(
    slug="host-firewall-refuses",
    steps=steps,
    truth={"a": Truth("firewall-reset", "path", (("connection-refused", "server"),))},
    seeds=(4, 22),
)
