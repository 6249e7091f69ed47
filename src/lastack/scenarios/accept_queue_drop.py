"""A full accept queue drops SYNs: connect() times out as if filtered.

Other clients are served at the same time. Only the server's counters
ListenOverflows and ListenDrops tell a busy program from a firewall.
"""

from lastack.scenarios.openings import short_connect
from lastack.tcp.scenario import Scenario, Step, Truth, client, client2, server


def steps() -> list[Step]:
    """`a` fills the queue of one; the SYNs of `b` are ignored."""
    return [
        *short_connect(),
        server.listen(backlog=0),
        client.connect("a").gives("0"),
        client2.connect("b").gives("-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="accept-queue-drop",
    steps=steps,
    truth={
        "a": Truth("still-open", "none"),
        "b": Truth("accept-queue-overflow", "server", (("connect-timeout", "client"),)),
    },
    counters=("server:ListenOverflows", "server:ListenDrops"),
    seeds=(6, 22),
)
