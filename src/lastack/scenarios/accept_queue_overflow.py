"""A full accept queue resets the handshake's last step.

Two clients connect at the same instant to a server which does not call
accept(), with a queue of one. Both SYNs find room; the second final ACK does
not. With tcp_abort_on_overflow=1 the server's kernel resets it, and the client,
whose connect() had succeeded, is told ECONNRESET by its first read. The kernel
calls the reason INVALID_SYN; its counter ListenOverflows tells the truth.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    client2,
    server,
    server_host,
    settle,
    wait,
)


def steps() -> list[Step]:
    """The two connections `a` and `b`, of which `b` finds no room."""
    return [
        server_host.sysctl("tcp_abort_on_overflow", 1),
        server.listen(backlog=0),
        client.connect("a").in_background(),
        wait(0.003),
        client2.connect("b").in_background(),
        settle(),
        client2.receive(name="b").gives("-ECONNRESET"),
        client.poll("a").gives("POLLOUT"),
    ]


SCENARIO = Scenario(
    slug="accept-queue-overflow",
    steps=steps,
    truth={
        "a": Truth("still-open", "none"),
        "b": Truth("accept-queue-overflow", "server"),
    },
    reasons=("server:INVALID_SYN",),
    counters=("server:ListenOverflows",),
    seeds=(6,),
)
