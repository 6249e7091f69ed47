"""The listener closes between SYN-ACK and ACK; the last step meets nobody.

The client's connect() has succeeded when the RST comes, one round trip later.
Nothing but a passive RST without options tells it from a full queue.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, Wire, client, server, wait


def steps() -> list[Step]:
    """The server closes while its SYN-ACK is on its way."""
    return [
        server.listen(),
        client.connect().gives("0").in_background(),
        wait(0.11),
        server.close("listener"),
        wait(0.1),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="listener-closed-handshake",
    steps=steps,
    truth={"a": Truth("listener-closed", "server")},
    reasons=("server:NO_SOCKET",),
    seeds=(6,),
    wire=Wire(delay=0.06),
    least_delay=0.055,
)
