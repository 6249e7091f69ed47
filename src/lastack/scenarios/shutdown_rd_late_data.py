"""After shutdown(RD) Linux still accepts data, and close() resets for it.

The peer is not told of a shutdown(RD); it goes on sending and is acknowledged.
BSD answers such data with a RST at once, Linux only at close().
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


def steps(*, rounds: int = 1, late: int = 300) -> list[Step]:
    """Data comes after the server shut its reading side down."""
    return [
        *established(rounds),
        server.shutdown("RD").gives("0"),
        client.send(late).gives(str(late)),
        settle(),
        server.poll().gives("POLLIN|POLLOUT|POLLRDHUP"),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="shutdown-rd-late-data",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    seeds=(21,),
    varies={"rounds": (0, 5), "late": (1, 8000)},
    elsewhere={
        "freebsd": Truth("fin-unanswered", "client"),
        "illumos": Truth("fin-unanswered", "client"),
    },
)
