"""send() after one's own shutdown(WR) gives EPIPE and sends no packet.

The error comes from the own kernel, not from the peer: a fault of the program
that no capture shows.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, established, server


def steps(*, rounds: int = 1) -> list[Step]:
    """The client writes after it said that it would not."""
    return [
        *established(rounds),
        client.shutdown("WR").gives("0"),
        client.send(1).gives("-EPIPE"),
        server.receive().gives("0"),
        server.close().gives("0"),
        client.receive().gives("0"),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="write-after-shutdown",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(22,),
    varies={"rounds": (0, 5)},
)
