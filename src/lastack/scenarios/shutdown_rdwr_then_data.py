"""After shutdown(RDWR) data is refused, though nobody has closed.

Both directions are shut, so the kernel resets what still arrives, and the
program that shut them gets ECONNRESET from its own recv().
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


def steps(*, rounds: int = 1, data: int = 300) -> list[Step]:
    """The server shuts down both ways; the client writes."""
    return [
        *established(rounds),
        server.shutdown("RDWR").gives("0"),
        settle(),
        client.send(data).gives(str(data)),
        settle(),
        client.receive().gives("0"),
        server.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="shutdown-rdwr-then-data",
    steps=steps,
    truth={"a": Truth("data-after-close", "server")},
    reasons=("server:TCP_ABORT_ON_DATA",),
    counters=("server:TCPAbortOnData",),
    seeds=(21,),
    varies={"rounds": (0, 5), "data": (1, 1400)},
    elsewhere={
        "freebsd": Truth("fin-unanswered", "client"),
        "illumos": Truth("fin-unanswered", "client"),
    },
)
