"""A wrong ACK in the handshake: the listener resets it and still waits.

The number acknowledges what the server never sent. The request itself stays in
SYN_RECV and expires by itself.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    network,
    server,
    server_host,
    settle,
    wait,
)


def steps(*, guess: int = 5000) -> list[Step]:
    """A forged SYN, then an ACK which is wrong by `guess`."""
    return [
        server_host.sysctl("tcp_synack_retries", 1),
        server.listen(),
        network.forge("server", "S"),
        settle(),
        network.forge("server", ".", ack_offset=guess),
        wait(3.0),
    ]


SCENARIO = Scenario(
    slug="half-open-wrong-ack",
    steps=steps,
    truth={"a": Truth("handshake-incomplete", "client")},
    reasons=("server:TCP_FLAGS",),
    seeds=(6,),
    varies={"guess": (1, 100_000)},
)
