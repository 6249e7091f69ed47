"""Too many orphans: close() sends a FIN and, in the same moment, a RST.

The kernel keeps at most tcp_max_orphans sockets that no program owns. Beyond,
or short of TCP memory, it resets at close() and counts TCPAbortOnMemory.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client_host,
    established,
    server,
    settle,
)


def steps(*, rounds: int = 1) -> list[Step]:
    """The client's host allows no orphan; the client closes."""
    return [
        client_host.sysctl("tcp_max_orphans", 0),
        *established(rounds),
        client.close().gives("0"),
        settle(),
        server.receive().gives("0"),
        server.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="orphan-limit",
    steps=steps,
    truth={"a": Truth("orphan-limit", "client")},
    reasons=("client:TCP_ABORT_ON_MEMORY",),
    counters=("client:TCPAbortOnMemory",),
    seeds=(3,),
    varies={"rounds": (0, 5)},
    not_in_lab="tcp_max_orphans is one for the whole machine, which is not ours",
)
