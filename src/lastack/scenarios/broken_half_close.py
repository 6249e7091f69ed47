"""A proxy takes the client's FIN for a good-bye and gives no answer.

The client says shutdown(WR) after its request and waits. Some proxies close
both sides at end of file, so that the client reads an empty answer. Compare the
half-close, where the answer comes after the FIN. Relay the shutdown instead.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, established, server


def steps(*, request: int = 100) -> list[Step]:
    """The server reads the request, sees end of file and closes."""
    return [
        *established(),
        client.send(request),
        client.shutdown("WR"),
        server.receive(request, everything=True).gives(str(request)),
        server.receive().gives("0"),
        server.close().gives("0"),
        client.receive().gives("0"),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="broken-half-close",
    steps=steps,
    truth={"a": Truth("orderly-close", "client")},
    seeds=(18,),
    varies={"request": (1, 1400)},
)
