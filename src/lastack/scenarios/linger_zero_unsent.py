"""An abort with data under way throws it away and says so to nobody.

The RST follows the data that had left; the rest of the queue is gone. Late ACKs
of it find no connection and are reset as well.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    established,
    server,
    settle,
)


def steps(*, sent: int = 60_000) -> list[Step]:
    """The client writes `sent` octets and aborts in the same moment."""
    return [
        *established(1),
        client.nonblocking(),
        client.send(sent),
        client.linger(0),
        client.close().gives("0"),
        settle(),
        server.receive(sent, everything=True).gives("-ECONNRESET"),
        server.receive().gives("0"),
    ]


SCENARIO = Scenario(
    slug="linger-zero-unsent",
    steps=steps,
    truth={"a": Truth("linger-zero", "client")},
    reasons=("client:TCP_STATE", "client:NO_SOCKET"),
    counters=("client:TCPAbortOnData",),
    seeds=(9,),
    wire=Wire(delay=0.03),
    varies={"sent": (30_000, 100_000)},
)
