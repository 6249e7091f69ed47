"""The last data and the FIN travel in one segment, `FP.`.

Nagle's algorithm holds the second small write back while the first is not
acknowledged; close() pushes it out at once, and the FIN rides along.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, established, server


def steps(*, rounds: int = 1, tail: int = 50) -> list[Step]:
    """The client sends 100 octets, then `tail`, and closes."""
    return [
        *established(rounds),
        client.send(100).gives("100"),
        client.send(tail).gives(str(tail)),
        client.close().gives("0"),
        server.receive(100 + tail, everything=True).gives(str(100 + tail)),
        server.receive().gives("0"),
        server.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="fin-with-data",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(14,),
    varies={"rounds": (0, 5), "tail": (1, 1000)},
)
