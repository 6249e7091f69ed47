"""An urgent octet that nobody took is unread data: close() resets."""

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
    """The client sends one octet out of band; the server closes."""
    return [
        *established(rounds),
        client.send(1, out_of_band=True).gives("1"),
        settle(),
        server.close().gives("0"),
        client.receive().gives("-ECONNRESET", freebsd="0"),
    ]


SCENARIO = Scenario(
    slug="urgent-data-unread",
    steps=steps,
    truth={"a": Truth("unread-data-at-close", "server")},
    reasons=("server:TCP_ABORT_ON_CLOSE",),
    seeds=(8,),
    varies={"rounds": (0, 5)},
    elsewhere={"freebsd": Truth("fin-unanswered", "client")},
)
