"""A port that is bound and does not listen refuses like a closed one.

bind() alone opens nothing. A server that crashed between the two calls, or that
still reads its configuration, looks as if it were not there.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, server


def steps() -> list[Step]:
    """The server has an address and no queue."""
    return [
        server.bind().gives("0"),
        client.connect().gives("-ECONNREFUSED"),
    ]


SCENARIO = Scenario(
    slug="bound-not-listening",
    steps=steps,
    truth={"a": Truth("connection-refused", "server")},
    reasons=("server:NO_SOCKET",),
    seeds=(4, 6),
)
