"""Two octets sent, both read, close: a FIN. One unread: a RST.

The counterpart of unread-data. The only difference is one more octet that the
server asked recv() for.
"""

from lastack.tcp.scenario import Scenario, Step, Truth, client, established, server


def steps(*, octets: int = 2) -> list[Step]:
    """The server reads all that came, and closes."""
    return [
        *established(),
        client.send(octets),
        server.receive(octets, everything=True).gives(str(octets)),
        server.close().gives("0"),
        client.receive().gives("0"),
        client.close().gives("0"),
    ]


SCENARIO = Scenario(
    slug="two-octets-both-read",
    steps=steps,
    truth={"a": Truth("orderly-close", "server")},
    seeds=(8, 19),
    varies={"octets": (1, 8000)},
)
