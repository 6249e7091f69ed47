"""Segments are lost and sent again, and the connection ends well.

A retransmission is trouble on the way, not an ending. What decides is how the
connection ended, here with two FINs after every octet had arrived.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    established,
    server,
)


def steps(*, response: int = 100_000) -> list[Step]:
    """The server sends `response` octets over a wire which loses 3 in 100."""
    return [
        *established(1),
        server.send(response).in_background(),
        server.close().in_background(),
        client.receive(response, everything=True).gives(str(response)),
        client.receive().gives("0"),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="lossy-transfer",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    seeds=(22,),
    wire=Wire(loss=0.03),
    varies={"response": (10000, 200000)},
    epilogue=1.0,
)
