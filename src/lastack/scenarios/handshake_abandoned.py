"""The program gave up before the SYN-ACK came, which is then reset.

A connect timeout shorter than the round trip. The server's request is withdrawn
before accept() could see it, and its log shows nothing.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, Wire, client, server, wait


def steps(*, patience: float = 0.03) -> list[Step]:
    """The client closes `patience` seconds after its SYN left."""
    return [
        server.listen(),
        client.connect(options={"O_NONBLOCK": 1}).gives("-EINPROGRESS"),
        wait(patience),
        client.close().gives("0"),
        wait(0.1),
    ]


SCENARIO = Scenario(
    slug="handshake-abandoned",
    steps=steps,
    truth={"a": Truth("handshake-abandoned", "client")},
    reasons=("client:NO_SOCKET",),
    counters=("server:EmbryonicRsts",),
    seeds=(22,),
    wire=Wire(delay=0.06),
    varies={"patience": (0.01, 0.05)},
    least_delay=0.04,
)
