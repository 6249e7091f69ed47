"""ICMP does not end an established connection; it only names the error.

A router says "unreachable" to each retransmission. TCP takes it as a hint and
goes on until its own timer ends it; then the program sees EHOSTUNREACH where
silence would have given ETIMEDOUT.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    Wire,
    client,
    client_host,
    established,
    network,
    settle,
)


def steps(*, rounds: int = 1, retries: int = 3) -> list[Step]:
    """The rule comes into force before the write; tcp_retries2 is `retries`."""
    return [
        client_host.sysctl("tcp_retries2", retries),
        *established(rounds),
        settle(),
        network.reject("server", "host-unreachable"),
        client.send(100).gives("100"),
        client.receive().gives("-EHOSTUNREACH"),
        client.send(1).gives("-EPIPE"),
    ]


SCENARIO = Scenario(
    slug="icmp-established",
    steps=steps,
    truth={
        "a": Truth(
            "retransmission-timeout",
            "client",
            (("icmp-rejected", "path"),),
            at={"server": ("still-open", "none")},
        )
    },
    counters=("client:TCPAbortOnTimeout",),
    seeds=(16, 22),
    wire=Wire(routed=True),
    varies={"rounds": (1, 5)},
)
