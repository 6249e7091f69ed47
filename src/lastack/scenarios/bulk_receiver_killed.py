"""A receiver is killed in mid-transfer: a RST for each segment that comes.

If its queue was empty at that moment the kernel sends FIN, and answers every
segment that is still on its way by a RST of its own. The sender reads an end of
file, since the FIN came first, and its writes give EPIPE.
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


def steps(*, rounds: int = 1, bulk: int = 14480) -> list[Step]:
    """The server reads all that is there, and dies with `bulk` octets on the way."""
    return [
        *established(rounds),
        settle(),
        client.send(bulk).gives(str(bulk)),
        server.kill(),
        settle(),
        client.receive().gives("0"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="bulk-receiver-killed",
    steps=steps,
    truth={"a": Truth("data-after-close", "server")},
    reasons=("server:TCP_ABORT_ON_DATA", "server:NO_SOCKET"),
    counters=("server:TCPAbortOnData",),
    seeds=(1, 4),
    varies={"rounds": (0, 5), "bulk": (2000, 14480)},
    least_delay=0.005,
)
