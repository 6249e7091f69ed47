"""The RST's window proves that data was unread: from little to full.

The queue is thrown away before the RST is made, so that its window is the whole
buffer again, although no window update had come. A program that had read would
have caused one. This is the one abort whose cause the packets prove.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1) -> list[Step]:
    """The server closes when 300 kB were sent and its window is nearly shut."""
    return [
        *established(rounds),
        client.nonblocking(),
        client.send(300_000),
        wait(0.4),
        server.close().gives("0"),
        settle(),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="unread-full-window",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(8,),
    varies={"rounds": (0, 5)},
    elsewhere={
        "freebsd": Truth("fin-unanswered", "client"),
    },
)
