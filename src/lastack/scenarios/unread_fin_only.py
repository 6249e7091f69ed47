"""close() with nothing unread but the peer's FIN is orderly.

Only octets count. A server that never calls recv() again after the request is
done may close in CLOSE_WAIT without a RST.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
)


def steps(*, rounds: int = 1) -> list[Step]:
    """The server closes without having read end of file."""
    return [
        *established(rounds),
        client.close().gives("0"),
        settle(),
        server.poll().gives("POLLIN|POLLOUT|POLLRDHUP"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="unread-fin-only",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(8, 19),
    varies={"rounds": (0, 5)},
)
