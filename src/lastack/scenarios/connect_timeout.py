"""SYNs go unanswered, connect() says ETIMEDOUT: filtered, or nobody there.

By default Linux tries for over two minutes. A firewall that drops, a wrong
address and a host without power all look like this.
"""

from lastack.scenarios.openings import short_connect
from lastack.tcp.scenario import Scenario, Step, Truth, client, network, server


def steps(*, retries: int = 1) -> list[Step]:
    """The path drops everything; the SYN is repeated `retries` times."""
    return [
        *short_connect(retries),
        server.listen(),
        network.cut("server"),
        client.connect().gives("-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="connect-timeout",
    steps=steps,
    truth={"a": Truth("connect-timeout", "client")},
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
)
