"""A full accept queue resets the handshake's last step.

The server does not call accept(), and its queue has room for one more when two
clients connect at the same instant. Both SYNs find room; the second final ACK
does not. With tcp_abort_on_overflow=1 the server's kernel resets it, and the
client, whose connect() had succeeded, is told ECONNRESET by its first read. The
kernel calls the reason INVALID_SYN; its counter ListenOverflows tells the
truth.
"""

from lastack.scenarios.openings import OVERLAP
from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    client2,
    server,
    server_host,
    settle,
    wait,
)


def steps() -> list[Step]:
    """`a` and `b` wait in the queue, `c` fills it, `d` finds no room."""
    return [
        server_host.sysctl("tcp_abort_on_overflow", 1),
        # A backlog of 2 holds three; with less, SYN cookies would answer `d`.
        server.listen(backlog=2),
        client.connect("a"),
        client.connect("b"),
        settle(),
        client.connect("c").in_background(),
        wait(OVERLAP),
        client2.connect("d").in_background(),
        settle(),
        client2.receive(name="d").gives("-ECONNRESET"),
        client.poll("c").gives("POLLOUT"),
    ]


SCENARIO = Scenario(
    slug="accept-queue-overflow",
    steps=steps,
    truth={
        "a": Truth("still-open", "none"),
        "b": Truth("still-open", "none"),
        "c": Truth("still-open", "none"),
        "d": Truth("accept-queue-overflow", "server"),
    },
    reasons=("server:INVALID_SYN",),
    counters=("server:ListenOverflows",),
    seeds=(6,),
    wire=Wire(delay=0.05),
    # `d` must begin before `c` is through its handshake.
    least_delay=0.05,
)
