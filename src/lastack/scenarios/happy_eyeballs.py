"""Two attempts to connect race; the beaten one is one SYN, then silence.

As clients do that know two addresses (RFC 8305): 250 ms after the first SYN,
which was lost, a second attempt goes out and succeeds, and the first socket is
closed. close() in SYN_SENT sends nothing, and a SYN that nobody repeats after a
second was given up.
"""

from lastack.tcp.scenario import (
    Scenario,
    Step,
    Truth,
    client,
    exchange,
    network,
    server,
    wait,
)


def steps(*, head_start: float = 0.25, rest: float = 2.0) -> list[Step]:
    """The second attempt follows `head_start` seconds after the first."""
    return [
        server.listen(),
        network.lose("server", "SYN"),
        client.connect("a", options={"O_NONBLOCK": 1}).gives("-EINPROGRESS"),
        wait(head_start),
        client.close("a").gives("0"),
        client.connect("b").gives("0"),
        server.accept("b"),
        *exchange(1, name="b"),
        wait(rest),
        client.close("b").gives("0"),
        server.receive(name="b").gives("0"),
        server.close("b").gives("0"),
    ]


SCENARIO = Scenario(
    slug="happy-eyeballs",
    steps=steps,
    truth={
        "a": Truth("connect-timeout", "client"),
        "b": Truth("orderly-close", "client"),
    },
    seeds=(22,),
    varies={"head_start": (0.1, 0.6), "rest": (1.5, 3.5)},
)
