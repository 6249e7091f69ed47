"""A SYN-ACK with a wrong number is reset, and connect() still succeeds.

An off-path guess, or an answer to somebody else's old SYN. The client refuses
exactly that segment, stays in SYN_SENT, and takes the real answer.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    exchange,
    network,
    server,
    wait,
)


def steps(*, guess: int = 1000) -> list[Step]:
    """The forged answer is there before the real one and wrong by `guess`."""
    return [
        server.listen(),
        client.connect().in_background(),
        wait(0.035),
        network.forge("client", "S.", ack_offset=guess),
        wait(0.1),
        server.accept(),
        *exchange(1),
        client.close(),
        server.receive().gives("0"),
        server.close(),
    ]


SCENARIO = Scenario(
    slug="forged-syn-ack",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    reasons=("client:TCP_INVALID_ACK_SEQUENCE",),
    wire=Wire(delay=0.06),
    varies={"guess": (1, 100_000)},
    least_delay=0.03,
)
