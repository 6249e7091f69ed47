"""TCP_DEFER_ACCEPT waits for data, and the last ACK seems to be ignored.

The server wants to wake up only for a request. Until one comes its SYN-ACK is
repeated, which looks like a full queue; then the connection is accepted with
its data.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, server, wait


def steps(*, silence: float = 1.5, request: int = 100) -> list[Step]:
    """The client is silent for `silence` seconds, then asks."""
    return [
        server.listen(options={"TCP_DEFER_ACCEPT": 5}),
        client.connect().gives("0"),
        wait(silence),
        client.send(request),
        server.accept(),
        server.receive(request, everything=True).gives(str(request)),
        server.close(),
        client.receive().gives("0"),
        client.close(),
    ]


SCENARIO = Scenario(
    slug="deferred-accept",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    counters=("server:TCPDeferAcceptDrop",),
    seeds=(6,),
    varies={"silence": (0.2, 2.0), "request": (1, 1400)},
)
