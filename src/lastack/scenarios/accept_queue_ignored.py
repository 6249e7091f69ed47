"""A full accept queue ignores the last ACK: connected, and nobody listens.

The client's connect() succeeds and its data is never acknowledged, while the
server repeats its SYN-ACK. When that was repeated often enough, five times by
default, the next segment of the client is reset.
"""

from lastack.scenarios.openings import overflowing_queue
from lastack.tcp.scenario import Scenario, Step, Truth, Wire, client2, server_host


def steps(*, request: int = 100) -> list[Step]:
    """`c` finds the queue full and writes; nobody accepts."""
    return [
        server_host.sysctl("tcp_synack_retries", 1),
        *overflowing_queue(),
        client2.send(request, "c").gives(str(request)),
        client2.receive(name="c").gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="accept-queue-ignored",
    steps=steps,
    truth={
        "a": Truth("still-open", "none"),
        "b": Truth("still-open", "none"),
        "c": Truth("accept-queue-overflow", "server"),
    },
    reasons=("server:TCP_FLAGS",),
    counters=("server:ListenOverflows",),
    seeds=(6,),
    varies={"request": (1, 1400)},
    wire=Wire(delay=0.05),
    least_delay=0.05,
)
