"""shutdown(RDWR) with unread data sends a FIN; close() then resets.

shutdown() never resets by itself. Both directions are shut and the queue is
still full; close() at once finds it, and a late ACK of the FIN is reset too.
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


def steps(*, rounds: int = 1, unread: int = 300) -> list[Step]:
    """The server shuts both directions down and closes in the same moment."""
    return [
        *established(rounds),
        client.send(unread),
        settle(),
        server.shutdown("RDWR").gives("0"),
        server.close().gives("0"),
        settle(),
        client.receive().gives("0"),
    ]


SCENARIO = Scenario(
    slug="shutdown-rdwr-unread",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    seeds=(20, 21),
    varies={"rounds": (0, 5), "unread": (1, 8000)},
    elsewhere={
        "freebsd": Truth("fin-unanswered", "client"),
        "illumos": Truth("fin-unanswered", "client"),
        "macos": Truth("fin-unanswered", "client"),
    },
)
