"""A NAT forgot: the answer comes from an address that nobody called.

A published port or a service address is exchanged for the server's by what the
NAT remembers. Without that (conntrack calls the segment INVALID) the server's
data arrives from the server's own address. The client's kernel knows no such
connection and resets it: the server is told ECONNRESET by a client that did
nothing. What the client then sends is reset by the NAT's own kernel.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    established,
    network,
    server,
    settle,
    wait,
)


def steps(*, rounds: int = 1, idle: float = 0.3, answer: int = 100) -> list[Step]:
    """The NAT loses its table during `idle` seconds of silence."""
    return [
        network.translate(),
        *established(rounds),
        wait(idle),
        network.forget(),
        server.send(answer).gives(str(answer)),
        settle(),
        server.receive().gives("-ECONNRESET"),
        client.poll().gives("POLLOUT"),
        client.send(100).gives("100"),
        settle(),
        client.receive().gives("-ECONNRESET"),
    ]


SCENARIO = Scenario(
    slug="nat-untranslated",
    steps=steps,
    truth={"a": Truth("firewall-reset", "path")},
    reasons=("client:NO_SOCKET",),
    seeds=(2, 22),
    wire=Wire(routed=True),
    varies={"rounds": (1, 5), "idle": (0.2, 1.0), "answer": (1, 1400)},
    not_in_sim="the simulator has no NAT that exchanges addresses",
)
