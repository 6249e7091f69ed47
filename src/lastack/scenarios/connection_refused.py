"""Nobody listens: RST answers the SYN, connect() says ECONNREFUSED.

The host is there and its kernel answers at once. Windows sends its SYN three
times more before it believes.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client


def steps(*, port: int = 8080) -> list[Step]:
    """The client connects to a port that is closed."""
    return [
        client.connect(port=port).gives("-ECONNREFUSED"),
        client.poll().gives("POLLOUT|POLLHUP"),
    ]


SCENARIO = Scenario(
    slug="connection-refused",
    steps=steps,
    truth={"a": Truth("connection-refused", "server")},
    reasons=("server:NO_SOCKET",),
    counters=("client:AttemptFails",),
    seeds=(4, 22),
    varies={"port": (8000, 9000)},
)
