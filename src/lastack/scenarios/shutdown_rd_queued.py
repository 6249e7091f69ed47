"""shutdown(RD) does not discard queued data: close() resets on Linux.

An article says that shutdown(RD) empties the queue and makes close() clean.
Measured on Linux 6.18 it does neither: the data stays, and close() finds it.
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


def steps(*, rounds: int = 1, queued: int = 300) -> list[Step]:
    """The server has unread data, shuts its reading side down, and closes."""
    return [
        *established(rounds),
        client.send(queued),
        settle(),
        server.shutdown("RD").gives("0"),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="shutdown-rd-queued",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    counters=("server:TCPAbortOnClose",),
    seeds=(21,),
    varies={"rounds": (0, 5), "queued": (1, 8000)},
    elsewhere={
        "freebsd": Truth("fin-unanswered", "client"),
        "illumos": Truth("fin-unanswered", "client"),
        "macos": Truth("fin-unanswered", "client"),
    },
)
