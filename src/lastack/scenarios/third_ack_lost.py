"""The handshake's last ACK is lost for good: connected, and nobody knows.

connect() has succeeded. The server repeats its SYN-ACK, gives up, and meets the
client's first data as a stray segment: RST. With TCP it takes many losses in a
row; a filter that knows only SYNs does it each time.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    network,
    server,
    server_host,
    wait,
)


def steps(*, late: float = 3.5, request: int = 100) -> list[Step]:
    """The client writes when the server has forgotten its SYN (63 s by default)."""
    return [
        server_host.sysctl("tcp_synack_retries", 1),
        server.listen(),
        network.lose("server", "ACK", 10),
        client.connect().gives("0"),
        wait(late),
        client.send(request).gives(str(request)),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="third-ack-lost",
    steps=steps,
    truth={
        "a": Truth(
            "handshake-incomplete", "client", (("accept-queue-overflow", "server"),)
        )
    },
    reasons=("server:TCP_FLAGS",),
    seeds=(6,),
    varies={"request": (1, 1400)},
    elsewhere={
        "windows": Truth("still-open", "none"),
    },
)
