"""A path MTU black hole: large packets are lost, and nobody says so.

The handshake and a small answer arrive; of a large one only the short last
segment does. The router's "fragmentation needed" is filtered on the way, so the
server sends the same large segments until tcp_retries2 is over. The client
waits for ever. Clamp the MSS, or let the kernel probe (tcp_mtu_probing).
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    established,
    network,
    server,
    server_host,
    wait,
)


def steps(*, rounds: int = 1, mtu: int = 1400, answer: int = 3000) -> list[Step]:
    """The path carries `mtu` octets a packet, less than the hosts believe."""
    return [
        server_host.sysctl("tcp_retries2", 3),
        network.narrow(mtu),
        *established(rounds),
        client.send(100).gives("100"),
        server.receive(100, everything=True).gives("100"),
        client.receive().never_returns(),
        server.send(answer).gives(str(answer)),
        wait(4.0),
        server.receive().gives("-ETIMEDOUT"),
    ]


SCENARIO = Scenario(
    slug="mtu-black-hole",
    steps=steps,
    truth={"a": Truth("retransmission-timeout", "server")},
    counters=("server:TCPAbortOnTimeout",),
    seeds=(16, 22),
    varies={"rounds": (0, 5), "mtu": (600, 1400), "answer": (3000, 14000)},
)
